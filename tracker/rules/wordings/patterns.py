"""How dates and periods are written: one pattern with a branch for each way of writing.

A branch that only looks like a date (the number and date of a document, an hour, a share, a term) is there so that
nothing in it is taken for one. What a branch says is made of its groups in `tokens.py`, by the branch's name.
"""

from __future__ import annotations

import re

_EDGE = (
    r"(?:(?P<{0}e>nua dau|nua cuoi|dau|giua|cuoi|thuong tuan|trung tuan|ha tuan"
    r"|tuan (?:thu )?(?:dau tien|dau|cuoi cung|cuoi|nhat|[1-5]|hai|ba|tu|nam))(?: cua| trong)? )?"
)
_YEAR = r"(?:20\d\d|20 ?\d ?\d)(?!\d)"
_SEP = r" ?[/.\-]{1,2} ?"
_WORD_MONTH = (
    r"(?:muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|bon|sau|bay|tam|chin|tu(?= nam|$)|nam(?= nam|$))(?![a-z]| lan)"
)
_WORD_DAY = (
    r"(?:(?:(?:hai|ba) )?muoi(?: (?:mot|hai|ba|bon|tu|lam|nham|sau|bay|tam|chin))?"
    r"|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin)"
)
ONE_QUARTER = r"(?:i i i|i ii?|ii i|i v|iv|iii|ii|i|vi?|[1l]v|[1il|]{1,3}|0?[1-9])"
_QUARTER = rf"{ONE_QUARTER}(?![a-z\d|]| lan)"
_JOIN = r" ?(?:,|-|va|&|\+|den|toi|;|hoac) ?(?:het )?"
_NEXT_QUARTER = rf"(?:(?:{_JOIN}| ?/ ?)(?:qu[yi] ?|q)?{_QUARTER})"
_NOT_A_DATE = r"(?![\d:h%]| ?[/.\-] ?\d\d?(?!\d)| (?:ngay|thang|gio|tuan))"
_NEXT_MONTH = rf"(?:{_JOIN}(?:thang ?|t)?(?:0?[1-9]|1[0-2]){_NOT_A_DATE})"
_NEXT_DAY = rf"(?:{_JOIN}(?:ngay )?\d\d?{_NOT_A_DATE})"
_NAMED_YEAR = r"[ ,/.\-]*(?:nam[ ,]*)?"
_DATEISH = r"(?:\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?|\d{1,2} thang \d{1,2}(?:[ /]*nam \d{4}|/\d{4})?)"
_OF_DAY = rf"(?:,? (?:ban hanh |ky )?ngay {_DATEISH})?"
_COUNTED = "nhiem vu|chi tieu|muc tieu|tieu chi|noi dung|don vi|van ban|xa|phuong|thon|ho|so|cap|nguoi|ty|trieu|diem"
_NOT_A_SHARE = rf"(?! ?%| (?:{_COUNTED})\b)"

# Each branch starts at a digit. What only looks like a date stands first.
_AT_A_DIGIT = {
    "cite": (
        r"\d+(?:/\d{4})?/(?!thang|nam|quy|lan|ngay|tuan|t\d|q[\di])[a-z]{2,}[a-z\d]*(?:[-/&][a-z][a-z\d.]*)*"
        rf"{_OF_DAY}|\d+-[a-z]{{2,}}/[a-z][a-z\d./\-]*{_OF_DAY}"
    ),
    "skip": r"24 ?/ ?24h?|24 ?/ ?7(?![\d/])(?= ?(?:$|gio|ngay|va|,))",
    "iso": (
        r"(?P<iy>20\d\d) ?[/.\-] ?(?P<im>\d{1,2}) ?[/.\-] ?(?P<id>\d{1,2})(?!\d)"
        r"(?P<ic>[ t]\d\d:\d\d(?::\d\d)?(?:\.\d+)?)?"
    ),
    "full": (
        rf"(?P<fd>[1-3] 0|\d{{1,2}})(?P<f1>{_SEP})(?P<fm>\d{{1,2}})"
        rf"(?P<f2>{_SEP}(?:nam )?|,? ?nam )(?P<fy>{_YEAR})"
    ),
    "short": r"(?P<sd>\d{1,2}) ?(?P<s1>[/.\-]) ?(?P<sm>\d{1,2}) ?(?P=s1) ?(?P<sy>\d\d)(?!\d| ?[/.\-] ?\d)",
    "broken": r"\d{1,2} ?(?P<b1>[/.\-]) ?\d{1,2} ?(?P=b1) ?(?:\d|\d{3,})(?![\d/.\-])",
    "half": (
        r"(?P<hn>\d\d?) ?(?:thang|t) (?P<he>dau|cuoi)(?:(?: cua)? nam| (?=20))(?:[ ,/\-]*(?P<hy>20\d\d))?"
        r"|(?<!ngay )0?(?P<hn2>[2-9]|1[01]) thang nam (?P<hy2>20\d\d)(?!\d)|^0?(?P<hn3>9) thang$"
    ),
    "long": (
        r"(?P<ld>\d{1,2})[ ,/.\-]*(?:thang ?|thg ?)"
        rf"(?:(?P<lm>\d{{1,2}})(?!\d| lan)|(?P<lmw>{_WORD_MONTH}))(?:{_NAMED_YEAR}(?P<ly>{_YEAR}))?"
    ),
    "eight": r"(?:(?P<ed>[0-3]\d)(?P<em>[01]\d)(?P<ey>20\d\d)|(?P<gy>20\d\d)(?P<gm>[01]\d)(?P<gd>[0-3]\d))(?!\d)",
    "spaced": r"(?P<xd>\d\d?)(?P<xs>,| )(?P<xm>\d\d?)(?P=xs)(?P<xy>20\d\d)(?!\d)",
    "bare_month": (
        rf"(?P<bn>\d{{1,2}}(?: ?[,\-] ?\d{{1,2}})*) ?[/.\-]{{1,2}} ?(?P<by>{_YEAR})"
        r"(?![/.]\d|-\d{1,2}(?![\d/.]))"
    ),
    "day_month": rf"(?P<dd>\d{{1,2}}) ?(?P<ds>[/.\-]) ?(?P<dm>\d{{1,2}})(?![\d:h]| ?[/.] ?\d){_NOT_A_SHARE}",
    "hour": (
        r"(?P<oh>\d{1,2}) ?(?:(?:h|g|gio)(?: ?(?P<om>\d\d)(?!\d|/)(?: ?phut)?)?(?![a-z])|:(?P<oc>\d\d)(?::\d\d)?)"
        r"(?P<op> (?:chieu|toi))?"
    ),
    "this_month": r"(?P<td>\d{1,2})(?= thang nay(?![a-z]))",
    "listed": r"(?<!thu )(?P<nd>\d{1,2}) ?(?:,|-|va|&|;|den) ?(?=(?:den )?(?:het )?(?:ngay )?\d)",
    "year": r"(?P<yy>20\d\d)(?: ?[-/] ?(?P<yr>20\d\d))?(?![\d/]|[.\-]\d)",
}
# Each branch starts at a word; the lookahead lists its first letters.
_AT_A_WORD = {
    "cite_so": rf"so:? (?:\d+(?:/\S*)?,? ngay {_DATEISH}|(?=\d+[/\-][a-z]))",
    "half_word": (
        r"(?:(?P<hw>sau|ba|chin) thang|nua)(?: nam)? (?P<hwe>dau|cuoi)(?: cua)? nam(?:[ ,/\-]*(?P<hwy>20\d\d))?"
    ),
    "week": r"tuan (?:thu )?(?P<kn>\d{1,2})(?:/| ?- ?|,? nam )(?P<ky>20\d\d)(?!\d)",
    "quarter": (
        r"(?:thang (?P<qm>dau|giua|cuoi)(?: tien| cung)?(?: cua)? )?"
        + _EDGE.format("q")
        + r"(?:[qo]u[yi][ .:(]{0,2}(?:thu )?|q\.? ?)"
        + rf"(?P<qn>{_QUARTER}{_NEXT_QUARTER}*|(?:mot|hai|ba|bon)(?![a-z]| lan)"
        + r"|tu(?= nam|/|$)|(?:dau|cuoi)(?: tien| cung)?(?=(?: cua)? nam))(?: cua)?\)?"
        + rf"(?:{_NAMED_YEAR}(?P<qy>{_YEAR}|(?<=/)\d\d)(?![\d/]))?"
    ),
    "month": (
        _EDGE.format("m")
        + rf"(?:thang[ .]?|thg[ .]?|th?\.? ?(?=\d))(?:(?P<mn>\d{{1,2}}{_NEXT_MONTH}*)"
        + r"(?!\d| ?[/.] ?(?:\d\d?(?!\d) ?[/.]|\d{3}(?!\d)|\d{5}))"
        + rf"|(?P<mw>{_WORD_MONTH}))(?:{_NAMED_YEAR}(?P<my>{_YEAR})|[/\-](?P<mz>\d\d)(?![\d/]))?"
    ),
    "long_word": (
        rf"ngay (?P<vd>{_WORD_DAY}) thang (?:(?P<vm>\d\d?)|(?P<vw>{_WORD_MONTH}))"
        rf"(?:{_NAMED_YEAR}(?P<vy>{_YEAR}))?"
    ),
    "bare_day": (
        r"(?:ngay (?:m[uo]ng )?|(?<!chao )m[uo]ng (?=0?\d(?!\d)|10))"
        rf"(?P<rd>\d{{1,2}}(?![\d:h%]| ?[/.\-] ?\d|[ ,/.\-]*thang (?:\d|{_WORD_MONTH})| (?:gio|ngay)){_NEXT_DAY}*)"
    ),
    "year_word": (
        r"(?:(?P<ze>nua dau|nua cuoi|dau|giua|cuoi)(?: cua)? )?nam[ .,]*(?P<zy>20\d\d)"
        r"(?: ?[-/] ?(?P<zr>20\d\d))?(?![\d/]|[.\-]\d)"
    ),
}


def _either(branches: dict[str, str]) -> str:
    return "|".join(f"(?P<{name}>{pattern})" for name, pattern in branches.items())


TOKEN = re.compile(
    rf"(?=\d)(?<![\d/])(?<!\d\.)(?:{_either(_AT_A_DIGIT)})|(?=[qotndgchms])(?<![a-z\d])(?:{_either(_AT_A_WORD)})"
)
