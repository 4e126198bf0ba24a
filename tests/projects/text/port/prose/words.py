import re

SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
CODE = dict(zip("BFPVCGJKQSXZDTLMNR", "111122222222334556", strict=True))


def trim(text: str) -> str:
    return re.sub(rf"\A{SPACE}|{SPACE}\Z", "", text)


def fields(line: str) -> list[str]:
    found = line.split(",")
    while found and not found[-1]:
        found.pop()

    return found


def quoted_words(line: str) -> list[str]:
    words, place = [], 0
    pattern = re.compile(r'[ ,]*(?:"((?:[^"\\]|\\.)*)"|([^ ,"]+))', re.DOTALL)
    while found := pattern.match(line, place):
        quoted, bare = found.groups()
        words.append(bare if quoted is None else re.sub(r"(?s)\\(.)", r"\1", quoted))
        place = found.end()
    if re.compile('[ ,]*"').match(line, place):
        raise ValueError("a quote is not closed")

    return words


def count_words(text: str) -> dict[str, int]:
    count: dict[str, int] = {}
    for word in re.findall(r"[\w']+", text, re.ASCII):
        count[word.lower()] = count.get(word.lower(), 0) + 1

    return count


def unique(words: list[str]) -> list[str]:
    return sorted(set(words))


def soundex(name: str) -> str:
    letters = re.findall("[A-Z]", name.upper())
    if not letters:
        return ""
    code, last = letters[0], CODE.get(letters[0])
    for letter in letters[1:]:
        if letter in "HW":
            continue
        digit = CODE.get(letter)
        if digit and digit != last:
            code += digit
        last = digit

    return f"{code}000"[:4]


def is_word(text: str) -> int:
    return 1 if re.match(r"[a-z]+$", text) else 0


def lower(text: str) -> str:
    return "".join(letter.lower() for letter in text)
