"""Words: inflection, numbers in words, transliteration, and how words sound."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="plural",
        fault="one ending is forgotten among those that take es",
        head="""
            my %irregular = (
                man => 'men', woman => 'women', child => 'children', foot => 'feet',
                tooth => 'teeth', mouse => 'mice', goose => 'geese', ox => 'oxen',
            );
        """,
        perl=r"""
            sub plural {
                my ($noun, $count) = @_;

                return $noun if $count == 1;
                return $irregular{$noun} if exists $irregular{$noun};
                return $noun if $noun =~ /(?:sheep|fish|deer|series|species)$/;
                return "${noun}es" if $noun =~ /(?:s|x|z|ch|sh)$/;
                return $noun if $noun =~ s/([^aeiou])y$/$1ies/;
                return "${noun}s";
            }
        """,
        right=r"""
            import re

            IRREGULAR = {
                "man": "men", "woman": "women", "child": "children", "foot": "feet",
                "tooth": "teeth", "mouse": "mice", "goose": "geese", "ox": "oxen",
            }


            def plural(noun: str, count: int) -> str:
                if count == 1:
                    return noun
                if noun in IRREGULAR:
                    return IRREGULAR[noun]
                if re.search("(?:sheep|fish|deer|series|species)$", noun):
                    return noun
                if re.search("(?:s|x|z|ch|sh)$", noun):
                    return f"{noun}es"
                noun, count = re.subn("([^aeiou])y$", r"\1ies", noun)
                return noun if count else f"{noun}s"
        """,
        wrong=("(?:s|x|z|ch|sh)", "(?:s|x|ch|sh)"),
        shows=("waltz", 2),
    ),
    Fault(
        name="singular",
        fault="the rule for ves after l and r is forgotten",
        perl=r"""
            sub singular {
                my ($word) = @_;

                return $word if $word =~ /ss$/;
                for my $rule (
                    [qr/ives$/, 'ife'], [qr/(?<=[lr])ves$/, 'f'], [qr/ies$/, 'y'],
                    [qr/(?<=[sxz])es$/, ''], [qr/(?<=[cs]h)es$/, ''], [qr/s$/, ''],
                ) {
                    my ($pattern, $ending) = @$rule;
                    return $word if $word =~ s/$pattern/$ending/;
                }

                return $word;
            }
        """,
        right=r"""
            import re

            RULES = [
                ("ives$", "ife"),
                ("(?<=[lr])ves$", "f"),
                ("ies$", "y"),
                ("(?<=[sxz])es$", ""),
                ("(?<=[cs]h)es$", ""),
                ("s$", ""),
            ]


            def singular(word: str) -> str:
                if re.search("ss$", word):
                    return word
                for pattern, ending in RULES:
                    word, count = re.subn(pattern, ending, word)
                    if count:
                        return word
                return word
        """,
        wrong=('    ("(?<=[lr])ves$", "f"),\n', ""),
        shows=("wolves",),
    ),
    Fault(
        name="article",
        fault="one word with a silent h is forgotten",
        perl=r"""
            sub article {
                my ($phrase) = @_;

                my $first = $phrase;
                $first =~ tr/A-Z/a-z/;
                return "an $phrase" if $first =~ /^(?:hour|honest|honou?r|heir|herb)/;
                return "a $phrase"  if $first =~ /^(?:uni|use|eu|one(?![a-z])|ewe)/;
                return "an $phrase" if $first =~ /^[aeiou]/;
                return "an $phrase" if $phrase =~ /^[AEFHILMNORSX](?:[^a-z]|$)/;
                return "a $phrase";
            }
        """,
        right=r"""
            import re
            from string import ascii_lowercase, ascii_uppercase

            LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


            def article(phrase: str) -> str:
                first = phrase.translate(LOWER)
                if re.match("hour|honest|honou?r|heir|herb", first):
                    return f"an {phrase}"
                if re.match("uni|use|eu|one(?![a-z])|ewe", first):
                    return f"a {phrase}"
                if re.match("[aeiou]", first):
                    return f"an {phrase}"
                if re.match("[AEFHILMNORSX](?:[^a-z]|$)", phrase):
                    return f"an {phrase}"
                return f"a {phrase}"
        """,
        wrong=("|heir|herb", "|herb"),
        shows=("heirloom",),
    ),
    Fault(
        name="ordinal",
        fault="from 111 on the last two digits are not looked at",
        perl=r"""
            sub ordinal {
                my ($n) = @_;

                my $last = abs($n) % 100;
                return "${n}th" if $last >= 11 && $last <= 13;
                my $digit = $last % 10;

                return $n . ($digit == 1 ? 'st' : $digit == 2 ? 'nd' : $digit == 3 ? 'rd' : 'th');
            }
        """,
        right=r"""
            def ordinal(n: int) -> str:
                last = abs(n) % 100
                if 11 <= last <= 13:
                    return f"{n}th"
                return str(n) + {1: "st", 2: "nd", 3: "rd"}.get(last % 10, "th")
        """,
        wrong=("if 11 <= last <= 13", "if 11 <= abs(n) <= 13"),
        shows=(111,),
    ),
    Fault(
        name="number_words",
        fault="the tens get a zero behind them",
        head="""
            my @small = qw(zero one two three four five six seven eight nine ten eleven twelve
                thirteen fourteen fifteen sixteen seventeen eighteen nineteen);
            my @tens = qw(- - twenty thirty forty fifty sixty seventy eighty ninety);
        """,
        perl=r"""
            sub number_words {
                my ($n) = @_;

                return $small[$n] if $n < 20;
                if ($n < 100) {
                    my $word = $tens[int($n / 10)];
                    return $n % 10 ? "$word-$small[$n % 10]" : $word;
                }
                my $word = $small[int($n / 100)] . ' hundred';
                my $rest = $n % 100;
                $word .= ' and ' . number_words($rest) if $rest;

                return $word;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            SMALL = '''zero one two three four five six seven eight nine ten eleven twelve
                thirteen fourteen fifteen sixteen seventeen eighteen nineteen'''.split()
            TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


            def number_words(n: Annotated[int, Interval(ge=0, le=999)]) -> str:
                if n < 20:
                    return SMALL[n]
                if n < 100:
                    word = TENS[n // 10]
                    return f"{word}-{SMALL[n % 10]}" if n % 10 else word
                word = f"{SMALL[n // 100]} hundred"
                rest = n % 100
                if rest:
                    word += f" and {number_words(rest)}"
                return word
        """,
        wrong=('f"{word}-{SMALL[n % 10]}" if n % 10 else word', 'f"{word}-{SMALL[n % 10]}"'),
        shows=(40,),
    ),
    Fault(
        name="from_roman",
        fault="small letters are not taken",
        perl=r"""
            sub from_roman {
                my ($text) = @_;

                return undef if $text !~ /^[IVXLCDM]+$/i;
                my %value = (I => 1, V => 5, X => 10, L => 50, C => 100, D => 500, M => 1000);
                my ($sum, $last) = (0, 0);
                for my $letter (reverse split //, uc $text =~ s/\n//r) {
                    my $value = $value{$letter};
                    $sum += $value < $last ? -$value : $value;
                    $last = $value;
                }

                return $sum;
            }
        """,
        right=r"""
            import re

            VALUE = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


            def from_roman(text: str) -> int | None:
                if not re.match("[IVXLCDM]+$", text, re.I | re.A):
                    return None
                total = last = 0
                for letter in reversed(text.upper().replace("\n", "")):
                    value = VALUE[letter]
                    total += -value if value < last else value
                    last = value
                return total
        """,
        wrong=("text, re.I | re.A)", "text)"),
        shows=("xiv",),
    ),
    Fault(
        name="soundex",
        fault="h and w part two letters of one code, as vowels do",
        perl=r"""
            sub soundex {
                my ($name) = @_;

                $name =~ tr/a-z/A-Z/;
                $name =~ tr/A-Z//cd;
                return undef if $name eq '';
                my $first = substr $name, 0, 1;
                $name =~ tr/AEHIOUWYBFPVCGJKQSXZDTLMNR/00X000X0111122222222334556/;
                $name =~ s/(?<=.)X//g;
                $name =~ tr/0-9//s;
                $name = substr $name, 1;
                $name =~ tr/0//d;

                return $first . substr "${name}000", 0, 3;
            }
        """,
        right=r"""
            import re
            from string import ascii_lowercase, ascii_uppercase

            UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
            CODES = str.maketrans("AEHIOUWYBFPVCGJKQSXZDTLMNR", "00X000X0111122222222334556")


            def soundex(name: str) -> str | None:
                name = re.sub("[^A-Z]", "", name.translate(UPPER))
                if not name:
                    return None
                first = name[0]
                codes = name.translate(CODES)
                codes = re.sub("(?<=.)X", "", codes)
                codes = re.sub(r"([0-9])\1+", r"\1", codes)
                codes = codes[1:].replace("0", "")
                return first + f"{codes}000"[:3]
        """,
        wrong=('"00X000X0111122222222334556"', '"00000000111122222222334556"'),
        shows=("Ashcraft",),
    ),
    Fault(
        name="sound_key",
        fault="of the silent letters at the start, one pair is forgotten",
        perl=r"""
            sub sound_key {
                my ($word) = @_;

                $word =~ tr/a-z/A-Z/;
                $word =~ tr/A-Z//cd;
                $word =~ s/^(?:KN|GN|PN|WR|AE)/substr $&, 1/e;
                $word =~ s/PH/F/g;
                $word =~ s/MB$/M/;
                $word =~ s/([^C])\1/$1/g;
                $word =~ s/C(?=[EIY])/S/g;
                $word =~ s/CK?/K/g;
                $word =~ s/(?<=.)[AEIOU]//g;

                return $word;
            }
        """,
        right=r"""
            import re
            from string import ascii_lowercase, ascii_uppercase

            UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)


            def sound_key(word: str) -> str:
                word = re.sub("[^A-Z]", "", word.translate(UPPER))
                word = re.sub("^(?:KN|GN|PN|WR|AE)", lambda found: found[0][1:], word)
                word = word.replace("PH", "F")
                word = re.sub("MB$", "M", word)
                word = re.sub(r"([^C])\1", r"\1", word)
                word = re.sub("C(?=[EIY])", "S", word)
                word = re.sub("CK?", "K", word)
                return re.sub("(?<=.)[AEIOU]", "", word)
        """,
        wrong=("KN|GN|PN|WR|AE", "KN|GN|WR|AE"),
        shows=("Pneumonia",),
    ),
    Fault(
        name="romanize",
        fault="one letter is told at the start of the text only, not of each word",
        head="""
            my %latin = (
                "\\x{430}" => 'a', "\\x{431}" => 'b', "\\x{432}" => 'v', "\\x{433}" => 'g',
                "\\x{434}" => 'd', "\\x{435}" => 'e', "\\x{436}" => 'zh', "\\x{437}" => 'z',
                "\\x{438}" => 'i', "\\x{43A}" => 'k', "\\x{43B}" => 'l', "\\x{43C}" => 'm',
                "\\x{43D}" => 'n', "\\x{43E}" => 'o', "\\x{44F}" => 'ia', "\\x{44E}" => 'iu',
            );
        """,
        perl=r"""
            sub romanize {
                my ($text) = @_;

                $text =~ s/(^|[ -])\x{44F}/${1}ya/g;
                $text =~ s/(^|[ -])\x{44E}/${1}yu/g;
                $text =~ s/([\x{430}-\x{44F}])/exists $latin{$1} ? $latin{$1} : '?'/ge;

                return $text;
            }
        """,
        right=r"""
            import re

            LATIN = {
                "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z",
                "и": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "я": "ia", "ю": "iu",
            }


            def romanize(text: str) -> str:
                text = re.sub("(^|[ -])я", r"\1ya", text)
                text = re.sub("(^|[ -])ю", r"\1yu", text)
                return re.sub("[а-я]", lambda found: LATIN.get(found[0], "?"), text)
        """,
        wrong=('re.sub("(^|[ -])ю"', 're.sub("(^)ю"'),
        shows=("на юг",),
    ),
    Fault(
        name="fold_umlauts",
        fault="one letter of the eight is forgotten",
        perl=r"""
            sub fold_umlauts {
                my ($name) = @_;

                my %fold = (
                    "\x{E4}" => 'ae', "\x{F6}" => 'oe', "\x{FC}" => 'ue', "\x{DF}" => 'ss',
                    "\x{C4}" => 'Ae', "\x{D6}" => 'Oe', "\x{DC}" => 'Ue', "\x{E9}" => 'e',
                );
                my $letters = join '', keys %fold;
                $name =~ s/([$letters])/$fold{$1}/g;
                $name =~ s/[^A-Za-z0-9]+/_/g;

                return $name;
            }
        """,
        right=r"""
            import re

            FOLD = str.maketrans(
                {
                    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss",
                    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "é": "e",
                }
            )


            def fold_umlauts(name: str) -> str:
                return re.sub("[^A-Za-z0-9]+", "_", name.translate(FOLD))
        """,
        wrong=(' "Ö": "Oe",', ""),
        shows=("Österreich",),
    ),
    Fault(
        name="pig_latin",
        fault="qu at the start is not taken as one",
        perl=r"""
            sub pig_latin {
                my ($word) = @_;

                return "${word}way" if $word =~ /^[aeiou]/;
                $word =~ s/^([^aeiouy\n]*qu|[^aeiou\n][^aeiouy\n]*)(.*)/$2$1ay/;

                return $word;
            }
        """,
        right=r"""
            import re


            def pig_latin(word: str) -> str:
                if re.match("[aeiou]", word):
                    return f"{word}way"
                start = r"^([^aeiouy\n]*qu|[^aeiou\n][^aeiouy\n]*)(.*)"
                return re.sub(start, r"\2\1ay", word)
        """,
        wrong=(r"[^aeiouy\n]*qu|", ""),
        shows=("queen",),
    ),
]
