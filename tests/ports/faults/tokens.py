"""Tokenizers, lexers and machines with states."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="sentences",
        fault="one abbreviation is forgotten in the list",
        head="my %short = map { $_ => 1 } qw(Mr Mrs Ms Dr Prof Sr Jr vs etc No Fig approx);",
        perl=r"""
            sub sentences {
                my ($text) = @_;

                my @sentences;
                my $current = '';
                for my $word (split / /, $text) {
                    $current .= $current eq '' ? $word : " $word";
                    next if $word !~ /[.!?]["')]?$/;
                    next if $word =~ /^["'(]?([A-Za-z]+)\.$/ && $short{$1};
                    next if $word =~ /^[A-Z]\.$/;
                    push @sentences, $current;
                    $current = '';
                }
                push @sentences, $current if $current ne '';

                return \@sentences;
            }
        """,
        right=r"""
            import re

            SHORT = set("Mr Mrs Ms Dr Prof Sr Jr vs etc No Fig approx".split())


            def sentences(text: str) -> list[str]:
                sentences = []
                current = ""
                for word in text.rstrip(" ").split(" "):
                    current = f"{current} {word}" if current else word
                    if not re.search("[.!?][\"')]?$", word):
                        continue
                    found = re.match(r"[\"'(]?([A-Za-z]+)\.$", word)
                    if found and found[1] in SHORT:
                        continue
                    if re.match(r"[A-Z]\.$", word):
                        continue
                    sentences.append(current)
                    current = ""
                if current:
                    sentences.append(current)
                return sentences
        """,
        wrong=(" No Fig", " No"),
        shows=("See Fig. 3 there.",),
    ),
    Fault(
        name="word_tokens",
        fault="a no-break space joins two words",
        perl=r"""
            sub word_tokens {
                my ($text) = @_;

                $text =~ s/([.,!?;:()"])/ $1 /g;
                $text =~ s/([0-9]) ([.,]) (?=[0-9])/$1$2/g;
                $text =~ s/n't\b/ n't/g;

                return [grep { $_ ne '' } split /[ \t\n\x{A0}]+/, $text];
            }
        """,
        right=r"""
            import re


            def word_tokens(text: str) -> list[str]:
                text = re.sub('([.,!?;:()"])', r" \1 ", text)
                text = re.sub("([0-9]) ([.,]) (?=[0-9])", r"\1\2", text)
                text = re.sub(r"n't\b", " n't", text)
                return [word for word in re.split("[ \t\n\xa0]+", text) if word]
        """,
        wrong=("[ \\t\\n\\xa0]+", "[ \\t\\n]+"),
        shows=("10\u00a0km",),
    ),
    Fault(
        name="detokenize",
        fault="a closing bracket keeps the blank before it",
        perl=r"""
            sub detokenize {
                my ($words) = @_;

                my $text = join ' ', @$words;
                $text =~ s/ ([.,;:!?)\]}])/$1/g;
                $text =~ s/([(\[{]) /$1/g;
                $text =~ s/ (n't|'(?:s|re|ve|d|m|ll))(?= |$)/$1/g;
                $text =~ s/" ([^"]*) "/"$1"/g;

                return $text;
            }
        """,
        right=r"""
            import re


            def detokenize(words: list[str]) -> str:
                text = " ".join(words)
                text = re.sub(r" ([.,;:!?)\]}])", r"\1", text)
                text = re.sub(r"([(\[{]) ", r"\1", text)
                text = re.sub(" (n't|'(?:s|re|ve|d|m|ll))(?= |$)", r"\1", text)
                return re.sub('" ([^"]*) "', r'"\1"', text)
        """,
        wrong=(r"[.,;:!?)\]}]", "[.,;:!?)}]"),
        shows=(["[", "a", "]"],),
    ),
    Fault(
        name="lex_expression",
        fault="a number may have two points",
        perl=r"""
            sub lex_expression {
                my ($text) = @_;

                my @tokens;
                for ($text) {
                    while (1) {
                        /\G[ \t\n]+/gc;
                        if    (/\G([0-9]+(?:\.[0-9]+)?)/gc)      { push @tokens, "number $1" }
                        elsif (/\G([A-Za-z_][A-Za-z0-9_]*)/gc)   { push @tokens, "name $1" }
                        elsif (/\G(\*\*|<=|>=|==|!=|[-+*\/<>()])/gc) { push @tokens, "operator $1" }
                        elsif (/\G\z/gc)                         { last }
                        else { die 'unexpected character at ' . (pos || 0) . "\n" }
                    }
                }

                return \@tokens;
            }
        """,
        right=r"""
            import re

            RULES = [
                ("number", re.compile(r"[0-9]+(?:\.[0-9]+)?")),
                ("name", re.compile(r"[A-Za-z_][A-Za-z0-9_]*")),
                ("operator", re.compile(r"\*\*|<=|>=|==|!=|[-+*/<>()]")),
            ]
            BLANKS = re.compile(r"[ \t\n]*")


            def lex_expression(text: str) -> list[str]:
                tokens = []
                at = BLANKS.match(text).end()
                while at < len(text):
                    for kind, rule in RULES:
                        if found := rule.match(text, at):
                            tokens.append(f"{kind} {found[0]}")
                            at = BLANKS.match(text, found.end()).end()
                            break
                    else:
                        raise ValueError(f"unexpected character at {at}")
                return tokens
        """,
        wrong=(r"[0-9]+(?:\.[0-9]+)?", "[0-9][0-9.]*"),
        shows=("1.2.3",),
    ),
    Fault(
        name="lex_json_string",
        fault="an escaped slash is taken for an error",
        perl=r"""
            sub lex_json_string {
                my ($text) = @_;

                my %escape = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");
                return undef if $text !~ /\G"/gc;
                my $out = '';
                while (1) {
                    if    ($text =~ /\G([^"\\\x00-\x1f]+)/gc)      { $out .= $1 }
                    elsif ($text =~ /\G\\([bfnrt])/gc)             { $out .= $escape{$1} }
                    elsif ($text =~ /\G\\(["\\\/])/gc)             { $out .= $1 }
                    elsif ($text =~ /\G\\u00([0-7][0-9a-fA-F])/gc) { $out .= chr hex $1 }
                    elsif ($text =~ /\G"/gc)                       { return $out }
                    else                                           { return undef }
                }
            }
        """,
        right=r"""
            import re

            ESCAPE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
            PART = re.compile(
                r'''([^"\\\x00-\x1f]+)|\\([bfnrt])|\\(["\\/])|\\u00([0-7][0-9a-fA-F])|(")'''
            )


            def lex_json_string(text: str) -> str | None:
                if not text.startswith('"'):
                    return None
                out = ""
                at = 1
                while found := PART.match(text, at):
                    at = found.end()
                    plain, letter, itself, code, end = found.groups()
                    if end:
                        return out
                    if code:
                        out += chr(int(code, 16))
                    else:
                        out += plain or itself or ESCAPE[letter]
                return None
        """,
        wrong=(r'(["\\/])', r'(["\\])'),
        shows=('"a\\/b"',),
    ),
    Fault(
        name="camel_to_snake",
        fault="a digit does not end a word before a capital letter",
        perl=r"""
            sub camel_to_snake {
                my ($name) = @_;

                $name =~ s/([A-Z]+)([A-Z][a-z])/$1_$2/g;
                $name =~ s/([a-z0-9])([A-Z])/$1_$2/g;
                $name =~ tr/A-Z-/a-z_/;

                return $name;
            }
        """,
        right=r"""
            import re
            from string import ascii_lowercase, ascii_uppercase

            LOWER = str.maketrans(f"{ascii_uppercase}-", f"{ascii_lowercase}_")


            def camel_to_snake(name: str) -> str:
                name = re.sub("([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
                name = re.sub("([a-z0-9])([A-Z])", r"\1_\2", name)
                return name.translate(LOWER)
        """,
        wrong=("([a-z0-9])([A-Z])", "([a-z])([A-Z])"),
        shows=("utf8Text",),
    ),
    Fault(
        name="strip_code_comments",
        fault="a slash within a string begins a comment",
        perl=r"""
            sub strip_code_comments {
                my ($source) = @_;

                my ($out, $state) = ('', 'code');
                my @letters = split //, $source;
                for (my $i = 0; $i < @letters; $i++) {
                    my $two = $letters[$i] . ($letters[$i + 1] // '');
                    if ($state eq 'code' && $two eq '//') {
                        $state = 'line';
                    }
                    elsif ($state eq 'code' && $two eq '/*') {
                        $state = 'block';
                        $i++;
                    }
                    elsif ($state eq 'block') {
                        if ($two eq '*/') { $state = 'code'; $i++; $out .= ' ' }
                    }
                    elsif ($state eq 'line') {
                        if ($letters[$i] eq "\n") { $state = 'code'; $out .= "\n" }
                    }
                    else {
                        $out .= $letters[$i];
                        if ($letters[$i] eq '"') { $state = $state eq 'code' ? 'text' : 'code' }
                    }
                }

                return $out;
            }
        """,
        right=r"""
            def strip_code_comments(source: str) -> str:
                out, state = "", "code"
                i = 0
                while i < len(source):
                    letter, two = source[i], source[i : i + 2]
                    if state == "code" and two == "//":
                        state = "line"
                    elif state == "code" and two == "/*":
                        state = "block"
                        i += 1
                    elif state == "block":
                        if two == "*/":
                            state = "code"
                            i += 1
                            out += " "
                    elif state == "line":
                        if letter == "\n":
                            state = "code"
                            out += "\n"
                    else:
                        out += letter
                        if letter == '"':
                            state = "text" if state == "code" else "code"
                    i += 1
                return out
        """,
        wrong=('if state == "code" and two == "//"', 'if two == "//" and state != "block"'),
        shows=('x = "http://a";',),
    ),
    Fault(
        name="balanced",
        fault="a bracket behind a backslash counts",
        perl=r"""
            sub balanced {
                my ($text) = @_;

                my %open = (')' => '(', ']' => '[', '}' => '{');
                my @stack;
                while ($text =~ /(\\.|[()\[\]{}])/gs) {
                    my $token = $1;
                    next if length $token > 1;
                    if (exists $open{$token}) {
                        return 0 if !@stack || pop @stack ne $open{$token};
                    }
                    else {
                        push @stack, $token;
                    }
                }

                return @stack ? 0 : 1;
            }
        """,
        right=r"""
            import re

            OPEN = {")": "(", "]": "[", "}": "{"}


            def balanced(text: str) -> int:
                stack: list[str] = []
                for token in re.findall(r"\\.|[()\[\]{}]", text, re.S):
                    if len(token) > 1:
                        continue
                    if token in OPEN:
                        if not stack or stack.pop() != OPEN[token]:
                            return 0
                    else:
                        stack.append(token)
                return 0 if stack else 1
        """,
        wrong=(r'r"\\.|[()\[\]{}]", text, re.S', r'r"[()\[\]{}]", text'),
        shows=("\\(",),
    ),
    Fault(
        name="trim",
        fault="str.strip takes away more than blanks, tabs and line ends",
        perl=r"""
            sub trim {
                my ($text) = @_;

                $text =~ s/^[ \t\r\n]+//;
                $text =~ s/[ \t\r\n]+\z//;
                $text =~ s/[ \t]+/ /g;

                return $text;
            }
        """,
        right=r"""
            import re


            def trim(text: str) -> str:
                return re.sub(r"[ \t]+", " ", text.strip(" \t\r\n"))
        """,
        wrong=('text.strip(" \\t\\r\\n")', "text.strip()"),
        shows=("\u3000x",),
    ),
    Fault(
        name="word_count",
        fault="a word in capitals is counted apart",
        perl=r"""
            sub word_count {
                my ($text) = @_;

                my %count;
                $count{ lc $_ }++ for split ' ', $text;

                return \%count;
            }
        """,
        right=r"""
            import re
            from collections import Counter


            def small(word: str) -> str:
                return "".join(letter.lower() for letter in word)


            def word_count(text: str) -> dict[str, int]:
                words = re.split(r"[^\S\x1c-\x1f]+", text)
                return dict(Counter(small(word) for word in words if word))
        """,
        wrong=("Counter(small(word)", "Counter(word"),
        shows=("The the",),
    ),
    Fault(
        name="capitalize",
        fault="the rest of the word becomes small",
        perl=r"""
            sub capitalize {
                my ($name) = @_;

                return join '-', map { ucfirst } split /-/, $name;
            }
        """,
        right=r"""
            def capitalize(name: str) -> str:
                parts = name.rstrip("-").split("-")
                return "-".join(part[:1].title() + part[1:] for part in parts)
        """,
        wrong=("part[:1].title() + part[1:]", "part.capitalize()"),
        shows=("x-forwardedFor",),
    ),
    Fault(
        name="identifier",
        fault="a name that begins with a digit gets no underscore",
        perl=r"""
            sub identifier {
                my ($title) = @_;

                $title =~ s/\W+/_/g;
                $title =~ s/^(?=\d)/_/;

                return $title;
            }
        """,
        right=r"""
            import re

            from annotated_types import IsAscii


            def identifier(title: IsAscii[str]) -> str:
                title = re.sub(r"\W+", "_", title)
                return re.sub(r"^(?=\d)", "_", title)
        """,
        wrong=(r'return re.sub(r"^(?=\d)", "_", title)', "return title"),
        shows=("3 ways",),
    ),
]
