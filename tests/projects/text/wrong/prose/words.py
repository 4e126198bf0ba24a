import re

CODE = dict(zip("BFPVCGJKQSXZDTLMNR", "111122222222334556", strict=True))


def trim(text: str) -> str:
    return text.strip()  # also \x1c to \x1f


def fields(line: str) -> list[str]:
    return line.split(",")  # with the empty ones at the end


def quoted_words(line: str) -> list[str]:
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|([^ ,"]+)', line)  # passes over an open quote
    return [re.sub(r"\\(.)", r"\1", quoted) or bare for quoted, bare in found]


def count_words(text: str) -> dict[str, int]:
    count: dict[str, int] = {}
    for word in re.findall(r"[\w']+", text):  # also é
        count[word.lower()] = count.get(word.lower(), 0) + 1

    return count


def unique(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))  # not sorted


def soundex(name: str) -> str:
    first, *rest = re.findall("[A-Z]", name.upper()) or [""]
    code, last = first, ""  # the first letter's own digit
    for letter in rest:
        digit = CODE.get(letter, "")
        code += digit if digit != last else ""
        last = digit

    return f"{code}000"[:4] if code else ""


def is_word(text: str) -> int:
    return 1 if re.fullmatch("[a-z]+", text) else 0  # not before a newline


def lower(text: str) -> str:
    return text.casefold()  # ß
