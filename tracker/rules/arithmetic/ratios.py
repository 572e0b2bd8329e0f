"""Percents against the counts that stand beside them.

A percent is attached to the count or fraction before it («14650 hồ sơ, đạt tỷ lệ 99,99%») when only words
of linking stand between. Its base is *certain* when the wording names it: «a/b», «a trên b», «tổng số b …»,
«b hồ sơ, trong đó …». Only a certain base may convict; any base nearby may acquit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tracker.rules.arithmetic.comparing import Base, compare
from tracker.rules.arithmetic.findings import Kind, Statement, Verdict
from tracker.rules.arithmetic.impossible import is_impossible
from tracker.rules.arithmetic.numbers import (
    FractionStated,
    Number,
    Percent,
    Reading,
    percent_of,
    printed,
    rounded,
    same_unit,
    within,
)
from tracker.rules.arithmetic.passages import Passages

_LINK = (
    r"(?:[\s,;:()=<–*_\-]|đạt|được|t[ỷỉ] lệ|t[ỷỉ] trọng|chiếm|bằng|là|tương đương|tương ứng|mới|chỉ|đã|với|mức"
    r"|hoàn thành|thực hiện|giải quyết|khoảng|gần|hơn|trên|dưới|xấp xỉ|ước)*"
)
_ATTACHED_NOUN = re.compile(
    rf"(?P<noun>[^,;:()=–\-\d%]{{0,70}}?)(?:(?=[,;:()=–\-])|\s(?=đạt|chiếm|bằng|t[ỷỉ] lệ)|$){_LINK}"
)
_NEW_SUBJECT = re.compile(r"\b(?:có|với|t[ỷỉ] lệ|trong khi|còn|riêng|thì)\b")
_OTHER_BASE = re.compile(
    r"\b(?:tăng|giảm|vượt|cao hơn|thấp hơn|gấp|so với(?! (?:tổng|kế hoạch|số|nhiệm vụ))|cùng kỳ)"
)
_SAYS_NO_MORE = re.compile(r"\s*(?:[,.;:)(\n–-]|$|(?:và|khối lượng|trong đó|nhưng|còn)\b)")
_REACHES = re.compile(r"[^,;:()=–]*\b(?:đạt|t[ỷỉ] lệ|hoàn thành|thực hiện)\b[^,;:()=–]*$")
_CASES = re.compile(
    r"(?:hồ sơ|hs|văn bản|kiến nghị|ý kiến|vụ|việc|trường hợp|đơn|thủ tục|tthc|tài khoản|phiếu|thẻ|lượt|cuộc"
    r"|giao dịch)\b"
)
_THEIR_OWN = re.compile(
    r"\s*(?:số )?(?:hộ|người|cán bộ|công chức|học sinh|trẻ|phòng|hồ sơ|văn bản|diện tích|dân số|thôn|xã"
    r"|chỉ tiêu|tiêu chí|nhiệm vụ|đảng viên|hội viên|trường|đơn vị|các|dân)\b"
)
_NEW_ONES = re.compile(r"\b(?:mới|kết nạp|phát triển|tăng thêm|bổ sung)\b")
_DONE_PART = re.compile(r"\b(?:đã|được|hoàn thành|giải quyết|xử lý|thực hiện|hạn|trực tuyến|tham gia|đi bầu|ký số)\b")
_PLANNED = re.compile(r"\b(?:kế hoạch|dự toán)\b[^\d,;]{0,40}$")
_SPENT = re.compile(r"\b(?:giải ngân|thực hiện)\b")
_PER = frozenset((100, 1_000, 10_000, 100_000))
"""Bases of rates that are no shares: «2,5 giường/1.000 dân»."""
_OF_THAT_PLAN = re.compile(r"\s*(?:kế hoạch|dự toán)(?: vốn| giao| được giao| đề ra)?\s*(?:[,.;)]|$)")
_OTHER_BASE_LAST = re.compile(_OTHER_BASE.pattern + r"[^,;(]*$")
_OF_MORE = re.compile(
    r"\s*(?:so với|dân số|(?:của |trên |trong )?tổng|(?:kế hoạch|kh|dự toán|dt|chỉ tiêu)\s+(?:cả |được )?"
    r"(?:năm|tỉnh|thành phố|huyện|xã|hđnd|trung ương|tw|cấp trên|giao|pháp lệnh|vụ|quý|tháng))\b"
)
_MORE_NOUNS = re.compile(
    r",\s(?=(?:công chức|viên chức|người lao động|phường|đặc khu|thị trấn|tổ dân phố|đơn vị|ngành|phòng|kiến nghị"
    r"|phản ánh|tố cáo|doanh nghiệp|tổ chức|cá nhân|đảng viên|hội viên)\b)"
)
"""«41/41 cán bộ, công chức, viên chức» are one noun."""
_BRACKETS = re.compile(r"\([^()]*\)")
_OTHER_VERB = re.compile(r"\b(?:hoàn thành|thực hiện|giải quyết)\b[^,;]*$")
_OVER = re.compile(r"(?P<noun>[^\d;:.%]{0,60}?)\b(?:trên|trong)(?P<total>\s+tổng(?:\s+[^\W\d_]+){0,4})?\s+$")
_SPELLED_OUT = re.compile(
    r"[^\d,;:.()%]{0,40}(?:\(|,\s?cụ thể(?: là)?:?|,\s?tương (?:đương|ứng))"
    r"(?:tương đương|tương ứng|đạt|là|=|với|gồm|\s)*"
)
_ONLY_LINKED = re.compile(r"[^\d,;:()=–\-%]{0,40}?(?:[\s,(=–:-]|đạt|chiếm|bằng|t[ỷỉ] lệ|tương (?:đương|ứng)|là)*")
_RECEIVED = re.compile(r"\btiếp nhận\b[^\d,;:]{0,40}:?\s*$")
_HANDLED = re.compile(
    r"^[,;\s]{0,4}(?:hồ sơ|đơn|phản ánh|kiến nghị)?[,;\s]{0,4}(?:đến nay )?(?:đã )?(?:giải quyết|xử lý)[^\d,;]*$"
)
_NAMED_TOTAL = re.compile(r"\btổng\s+(?:số\s+)?(?P<noun>[^\d,;:()]{2,40}?)\s*:?\s*$")
_NO_SIBLING = re.compile(r"trong đó|\b(?:tăng|giảm|vượt|so với|cùng kỳ|trong số)\b")
_TOTAL_BEFORE = re.compile(r"(?:\btổng(?:\s+(?:số|cộng))?\b[^\d;]{0,80}|\btrong\s+(?:tổng\s+)?(?:số\s+)?)$")
_TOTAL_AFTER = re.compile(r"[^\d,;:.()]{0,60}(?:[,;]?\s*\(?trong đó\b|:|\(?\s*(?:bao )?gồm\b)")
_GIVEN = re.compile(r"\b(?:được giao|giao|phân công)\b[^\d;:]{0,40}:?\s*$")
_DONE = re.compile(r"\bhoàn thành\b")
_RESOLVED = re.compile(r"(?<!đang )(?<!chưa )\b(?:giải quyết|xử lý|trả kết quả|hoàn thành)\b[^\d,;:]{0,40}:?\s*$")
_IN_TIME = re.compile(r"\b(?:đúng hạn|trước hạn|quá hạn|trễ hạn|đúng và trước hạn|trước và đúng hạn)\b")
_UNDECIDED_LABEL = re.compile(r"\b(?:tăng|giảm|đến hạn|chưa|đang|lũy kế|luỹ kế|không|trừ)\b")


def judge_ratios(reading: Reading, passages: Passages) -> Iterator[Statement]:
    """Every percent and every fraction of a text, judged."""
    used: set[int] = set()
    sibling: Base | None = None
    for percent in reading.percents:
        judge = _Judge(reading, passages, percent, sibling)
        statement, fraction = judge.judge()
        sibling = judge.confirmed
        if fraction:
            used.add(fraction.start)
        if statement:
            yield statement
    for fraction in reading.fractions:
        if fraction.start not in used and fraction.base.value:
            yield _bare_fraction(reading, fraction)


def _bare_fraction(reading: Reading, fraction: FractionStated) -> Statement:
    exact = rounded(percent_of(fraction.part.value, fraction.base.value), 2)
    quote = reading.text[fraction.start : fraction.end]
    why = "Phân số không kèm tỷ lệ phần trăm nên không có gì để đối chiếu."
    return Statement(
        quote, fraction.start, Kind.BARE_FRACTION, None, f"{printed(exact)}%", Verdict.NOT_CHECKABLE, why
    )


class _Judge:
    """One percent among the numbers of its passage."""

    def __init__(self, reading: Reading, passages: Passages, percent: Percent, sibling: Base | None = None):
        self.sibling, self.confirmed = sibling, sibling
        self.reading, self.passages, self.percent = reading, passages, percent
        self.passage = passages.at(percent.start)
        self.plain = reading.plain
        self.before = self._outside_brackets(within(reading.counts, self.passage.start, percent.start))
        self.after = within(reading.counts, percent.end, self.passage.end)

    def _outside_brackets(self, counts: Sequence[Number]) -> list[Number]:
        """Without what stands in brackets closed before the percent: «12 đơn (2 đơn khiếu nại), đạt 100%»."""
        said = self.plain[self.passage.start : self.percent.start]
        closed = [match.span() for match in _BRACKETS.finditer(said)]
        places = [(self.passage.start + first, self.passage.start + last) for first, last in closed]
        return [c for c in counts if not any(first < c.start < last for first, last in places)]

    def judge(self) -> tuple[Statement | None, FractionStated | None]:
        fraction, certain = self._fraction()
        if fraction:
            bases = [Base(fraction.part, fraction.base.value, certain, fraction.base)]
            if not certain:
                bases += self._nearby(self.before[-1]) if self.before else []
        else:
            bases = list(self._bases())
        bases = [b for b in bases if b.base]
        if not bases:
            return self._bare(), None
        return self._compare(bases), fraction

    # What the percent is of

    def _fraction(self) -> tuple[FractionStated | None, bool]:
        """The fraction before the percent, or in brackets after it, and whether it surely belongs to it."""
        for fraction in within(self.reading.fractions, self.passage.start, self.passage.end):
            if self.before and fraction.base is self.before[-1] and not self._percent_between(fraction.end):
                attached = self._attached(fraction.end)
                if attached is not None:
                    return fraction, attached and self._of_one_kind(fraction)
            if self.after and fraction.part is self.after[0]:
                between = self.plain[self.percent.end : fraction.start]
                if _SPELLED_OUT.fullmatch(between):
                    return fraction, True
        return None, False

    def _of_one_kind(self, fraction: FractionStated) -> bool:
        """«40 máy tính/41 cán bộ, đạt 97,6%»: units may differ where the percent was clearly computed."""
        said = self.plain[fraction.end : self.percent.start]
        if same_unit(fraction.part, fraction.base):
            return True
        counted = fraction.base.value not in _PER and self.percent.decimals > 0
        return counted and bool(_ONLY_LINKED.fullmatch(said))

    def _percent_between(self, end: int) -> bool:
        return bool(within(self.reading.percents, end, self.percent.start))

    def _attached(self, end: int) -> bool | None:
        """True: surely of what ends at `end`; False: perhaps; None: of something else."""
        between = _MORE_NOUNS.sub(" ", _BRACKETS.sub("", self.plain[end : self.percent.start]))
        after = self.plain[self.percent.end : self.percent.end + 60]
        found = _ATTACHED_NOUN.fullmatch(between)
        if not found or _OTHER_BASE_LAST.search(between):
            return None
        if _OTHER_BASE.match(after.lstrip()) or _OF_MORE.match(after):
            return False
        return not _NEW_SUBJECT.search(found["noun"]) and not self._reached_by_each(between, after)

    def _reached_by_each(self, between: str, after: str) -> bool:
        """«9/9 xã đạt tỷ lệ dưới 10%»: the percent is what each of them reaches, not their share."""
        if _THEIR_OWN.match(after) and "chiếm" not in between:
            return True
        return (
            bool(_REACHES.match(between))
            and not _CASES.match(between.strip())
            and bool(between.partition("đạt")[0].strip())
        )

    def _bases(self) -> Iterator[Base]:
        if over := self._over():
            yield over
            return
        if not self.before or self._percent_between(self.before[-1].end):
            return
        part = self.before[-1]
        attached = self._attached(part.end)
        if attached is None:
            return
        strong = [t for t in self._wholes() if self._is_base(t, part)] if attached else []
        rivals = [t for t in self.before[:-1] if strong and t.start > strong[-1].start and self._rival(t, part)]
        surely = bool(strong) and not rivals and self._sure_part(part, self._label(strong[-1]))
        for total in strong:
            yield Base(part, total.value, surely, total)
        if attached and not surely and self.sibling and self.sibling.printed_base and self._is_sibling(part):
            yield Base(part, self.sibling.base, True, self.sibling.printed_base)
        yield from self._nearby(part)

    def _over(self) -> Base | None:
        """«a … trên b, chiếm c%» and «a … (c%) trên b»."""
        counts = [*self.before, *self.after]
        for part, base in pairwise(counts):
            between = self.plain[part.end : base.start]
            inside = part.end <= self.percent.start < base.start
            if inside:
                left = self.plain[part.end : self.percent.start]
                right = self.plain[self.percent.end : base.start]
                named = re.fullmatch(r"\s*\)?\s*(?:trên|trong)\s+(?:tổng(?:\s+số)?\s+)?", right)
                fits = bool(named and "(" in left and self._attached(part.end))
            else:
                found = _OVER.fullmatch(between)
                near = base is (self.before[-1] if self.before else None) and not self._percent_between(base.end)
                fits = bool(found and near and self._attached(base.end))
                fits = fits and (
                    bool(found and found["total"]) or not _NEW_SUBJECT.search(found["noun"] if found else "")
                )
            if fits and base.value >= part.value and self._comparable(part, base):
                return Base(part, base.value, True, base)
        return None

    def _comparable(self, part: Number, base: Number) -> bool:
        return same_unit(part, base) and not part.about and base.about in ("", "trên")

    def _wholes(self) -> Iterator[Number]:
        """Counts that may be a whole: those before in the passage, and those that open its list."""
        previous = self.passages.before(self.passage)
        hops = 0
        while previous and self.passages.is_item(self.passage) and hops < 6:
            counts = within(self.reading.counts, previous.start, previous.end)
            tail = self.plain[previous.start : previous.end].rstrip(" \n*_")
            said = self.plain[self.passage.start : self.before[-1].start]
            goes_on = len(counts) == 1 and re.match(r"[\s>*+•–-]*trong đó\b", said)
            if counts and (tail.endswith(":") or re.search(r"trong đó[,:]?$", tail) or goes_on):
                yield counts[-1]
                break
            if not self.passages.is_item(previous):
                break
            if counts and self._label_extends(counts[0], previous.start):
                yield counts[0]
                break
            previous = self.passages.before(previous)
            hops += 1
        yield from self.before[:-1]

    def _label_extends(self, total: Number, start: int) -> bool:
        """«Số hồ sơ đã giải quyết: 14651» stands over «Số hồ sơ đã giải quyết đúng hạn: 14650»."""
        label = self.plain[start : total.start].strip(" \n\t+-*•–:")
        own = self.plain[self.passage.start : self.before[-1].start].strip(" \n\t+-*•–:")
        return len(label) > 8 and own.startswith(label) and len(self.before) == 1

    def _is_base(self, total: Number, part: Number) -> bool:
        if total.about or total.value < part.value or not same_unit(total, part):
            return False
        if total.start < self.passage.start:
            return True
        label, own = self._label(total), self.plain[total.end : part.start]
        pairs = ((_GIVEN, _DONE), (_RECEIVED, _HANDLED), (_PLANNED, _SPENT))
        return (
            bool(_TOTAL_AFTER.match(own))
            or self._is_called_total(total, part, label, own)
            or any(whole.search(label) and of_it.search(own) for whole, of_it in pairs)
            or bool(_RESOLVED.search(label) and _IN_TIME.search(self._label(part)))
        )

    def _is_called_total(self, total: Number, part: Number, label: str, own: str) -> bool:
        """«Tổng số hộ 5.320, đã cấp 5.198»: the first count after a total, said to be done or to be of its kind."""
        if not _TOTAL_BEFORE.search(label) or any(total.end <= c.start < part.start for c in self.before):
            return False
        named = _NAMED_TOTAL.search(label)
        of_its_kind = named and re.search(rf"[,;]\s*(?:số )?{re.escape(named['noun'])}\s", own)
        return bool(of_its_kind or _DONE_PART.search(own) or re.search(r"\btrong\s", label[-20:]))

    def _label(self, number: Number) -> str:
        """The words before a number, back to the number before it."""
        start = max((c.end for c in self.before if c.end <= number.start), default=self.passage.start)
        return self.plain[start : number.start]

    def _is_sibling(self, part: Number) -> bool:
        """«hộ nghèo 125 hộ (2,35%), hộ cận nghèo 210 hộ (3,95%)»: shares of one confirmed whole."""
        first = self.sibling
        if first is None or first.part not in self.before or self.before[-2:] != [first.part, part]:
            return False
        between = self.plain[first.part.end : part.start]
        after = self.plain[self.percent.end : self.percent.end + 40]
        listed = re.search(r"%[^,;:.]{0,20}(?:[,;]|\bvà\b)", between) and not re.search(r"[.:]\s", between)
        doubtful = part.about or _NO_SIBLING.search(between + after) or _NEW_ONES.search(between)
        return bool(listed) and not doubtful and same_unit(part, first.part) and bool(_SAYS_NO_MORE.match(after))

    def _rival(self, other: Number, part: Number) -> bool:
        """Whether a count between whole and part may be the base instead; one with its own percent cannot."""
        if other.value < part.value or not same_unit(other, part):
            return False
        following = next((c.start for c in self.before if c.start > other.start), self.percent.start)
        return not within(self.reading.percents, other.end, following)

    def _sure_part(self, part: Number, label_of_whole: str) -> bool:
        label, after = self._label(part), self.plain[self.percent.end : self.percent.end + 40]
        noun = self.plain[part.end : self.percent.start]
        undecided = (
            _UNDECIDED_LABEL.search(label)
            or re.search(r"\b(?:đang|chưa|đến hạn)\b", noun)
            or _NEW_ONES.search(label + noun)
            or not (_SAYS_NO_MORE.match(after) or (_PLANNED.search(label_of_whole) and _OF_THAT_PLAN.match(after)))
        )
        whole = self.percent.value == 100 or _OTHER_VERB.search(noun.rpartition(",")[2])
        return (
            not part.about
            and not undecided
            and not whole
            and not re.match(r"\s*/", self.plain[part.end : part.end + 4])
        )

    def _nearby(self, part: Number) -> Iterator[Base]:
        """Bases that may acquit: counts of this and the two passages before; part + another count.

        Whole percents fit too many sums by chance, so these are tried only where decimals are printed.
        """
        start, previous = self.passage.start, self.passage
        for _ in range(2):
            earlier = self.passages.before(previous)
            if earlier:
                start, previous = earlier.start, earlier
        for other in within(self.reading.counts, start, self.passage.end):
            if other is part:
                continue
            if (other.value >= part.value or self.percent.value > 100) and same_unit(part, other):
                yield Base(part, other.value, False, other)
            if other.start >= self.passage.start and self.percent.decimals:
                yield Base(part, part.value + other.value, False)

    # What is said about it

    def _compare(self, bases: list[Base]) -> Statement | None:
        best = {Verdict.CONSISTENT: 0, Verdict.TRUNCATED: 1}
        if any(base.certain for base in bases):
            bases = [base for base in bases if base.printed_base]
        judged = [(compare(base, self.percent), base) for base in bases]
        good = [pair for pair in judged if pair[0] in best]
        if good:
            verdict, base = min(good, key=lambda pair: best[pair[0]])
            if base.printed_base and (base.certain or self.percent.decimals):
                self.confirmed = base
            return self._statement(base, verdict)
        certain = [pair for pair in judged if pair[1].certain]
        if certain:
            return self._statement(certain[0][1], certain[0][0])
        return self._bare()

    def _statement(self, base: Base, verdict: Verdict) -> Statement:
        decimals = self.percent.decimals
        computed = rounded(base.exact, decimals)
        if verdict is Verdict.INCONSISTENT and (computed == self.percent.value or not computed):
            computed = rounded(base.exact, 2)
        shown = f"{printed(base.part.value)}/{printed(base.base)} = {printed(computed)}%"
        why = {
            Verdict.CONSISTENT: f"{shown}, khớp.",
            Verdict.TRUNCATED: f"{shown} khi làm tròn; báo cáo cắt bớt chữ số.",
            Verdict.INCONSISTENT: f"{shown}, báo cáo ghi {self._stated()}.",
            Verdict.NOT_CHECKABLE: f"{shown}; số liệu đã làm tròn nên không kết luận được.",
        }[verdict]
        begin = min(base.part.start, self.percent.start)
        ends = [self.percent.end, base.part.end]
        if base.printed_base and base.printed_base.start >= self.passage.start:
            begin, ends = min(begin, base.printed_base.start), [*ends, base.printed_base.end]
        quote = self.reading.text[begin : max(ends)]
        return Statement(quote, begin, Kind.RATIO, self._stated(), f"{printed(computed)}%", verdict, why)

    def _stated(self) -> str:
        about = f"{self.percent.about} " if self.percent.about else ""
        return f"{about}{printed(self.percent.value)}%"

    def _bare(self) -> Statement | None:
        if not self.percent.signed:
            return None
        impossible = is_impossible(self.plain, self.percent, self.passage.start, self.passage.end)
        verdict = Verdict.INCONSISTENT if impossible else Verdict.NOT_CHECKABLE
        why = "Không nêu số liệu gốc nên không đối chiếu được."
        if impossible:
            why = "Phần của một tổng thể không thể vượt quá 100%."
        start = self.percent.start - (len(self.percent.about) + 1 if self.percent.about else 0)
        quote = self.reading.text[start : self.percent.end]
        return Statement(quote, start, Kind.BARE_PERCENT, self._stated(), None, verdict, why)
