"""What click itself says at the terminal, in the language of the house.

Click asks gettext for each of its sentences; here it asks this table instead, whatever the language of the machine.
"""

from __future__ import annotations

import importlib

_SAID = {
    # what is wrong with what was typed
    "Error: {message}": "Lỗi: {message}",
    "Try '{command} {option}' for help.": "Xem cách dùng: «{command} {option}».",
    "Invalid value: {message}": "Giá trị chưa đúng: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} chưa đúng: {message}",
    "Missing argument": "Thiếu",
    "Missing option": "Thiếu",
    "Missing parameter": "Thiếu",
    "Missing {param_type}": "Thiếu",
    "Missing parameter: {param_name}": "Thiếu {param_name}",
    "Missing command.": "Chưa nêu lệnh.",
    "No such option {name!r}.": "Không có tùy chọn «{name}».",
    "No such command {name!r}.": "Không có lệnh «{name}».",
    "Did you mean {possibility}?": "Có phải {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Có phải một trong: {possibilities}?)",
    "Got unexpected extra argument ({args})": "Thừa: {args}.",
    "Got unexpected extra arguments ({args})": "Thừa: {args}.",
    "Option {name!r} does not take a value.": "Tùy chọn «{name}» không kèm giá trị.",
    "Option {name!r} requires an argument.": "Tùy chọn «{name}» phải kèm giá trị.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn «{name}» phải kèm {nargs} giá trị.",
    "Argument {name!r} takes {nargs} values.": "«{name}» gồm {nargs} giá trị.",
    "Invalid start character for option ({option})": "Tùy chọn không bắt đầu như vậy ({option})",
    "Takes {nargs} values but 1 was given.": "Cần {nargs} giá trị, mới có 1.",
    "Takes {nargs} values but {len} were given.": "Cần {nargs} giá trị, đang có {len}.",
    "{len_type} values are required, but {len_value} was given.": "Cần {len_type} giá trị, đang có {len_value}.",
    "{len_type} values are required, but {len_value} were given.": "Cần {len_type} giá trị, đang có {len_value}.",
    "Value must be an iterable.": "Phải là nhiều giá trị.",
    # values
    "{value!r} is not {choice}.": "«{value}» không phải {choice}.",
    "{value!r} is not one of {choices}.": "«{value}» không phải một trong {choices}.",
    "Choose from:\n\t{choices}": "Chọn một trong:\n\t{choices}",
    "Choice({choices})": "Một trong {choices}",
    "{value!r} is not a valid {number_type}.": "«{value}» không phải số.",
    "{value} is not in the range {range}.": "{value} không trong khoảng {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "«{value}» không phải một trong {states}.",
    "{value!r} is not a valid UUID.": "«{value}» không phải UUID.",
    "{value!r} does not match the format {format}.": "«{value}» không viết theo dạng {format}.",
    "{value!r} does not match the formats {formats}.": "«{value}» không viết theo dạng nào trong {formats}.",
    # files
    "file": "tệp",
    "directory": "thư mục",
    "path": "đường dẫn",
    "{name} {filename!r} does not exist.": "Không có {name} «{filename}».",
    "{name} {filename!r} is a file.": "«{filename}» là tệp, cần thư mục.",
    "{name} {filename!r} is a directory.": "«{filename}» là thư mục, cần tệp.",
    "{name} {filename!r} is not readable.": "Không đọc được {name} «{filename}».",
    "{name} {filename!r} is not writable.": "Không ghi được {name} «{filename}».",
    "{name} {filename!r} is not executable.": "Không chạy được {name} «{filename}».",
    "Could not open file {filename!r}: {message}": "Không mở được tệp «{filename}»: {message}",
    "unknown error": "không rõ vì sao",
    # help
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Positional arguments": "Tham số",
    "Commands": "Lệnh",
    "Show this message and exit.": "In hướng dẫn này.",
    "default: {default}": "mặc định: {default}",
    "required": "bắt buộc",
    "(dynamic)": "(tùy lúc)",
    "env var: {var}": "biến môi trường: {var}",
    "Aborted!": "Đã dừng.",
}
_SAYING = ("core", "decorators", "exceptions", "formatting", "parser", "types")


def said(sentence: str) -> str:
    """Click's sentence in Vietnamese; one that is not in the table stays as it is."""
    return _SAID.get(sentence, sentence)


def speak_vietnamese() -> None:
    """From now on click says its sentences by the table."""
    for name in _SAYING:
        module = importlib.import_module(f"click.{name}")
        vars(module)["_"] = said
        if "ngettext" in vars(module):
            vars(module)["ngettext"] = lambda one, many, number: said(one if number == 1 else many)
