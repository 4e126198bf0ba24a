"""Typography, title case, Markdown, and text that is wrapped."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="smart_dashes",
        fault="two hyphens are replaced before three",
        perl=r"""
            sub smart_dashes {
                my ($text) = @_;

                $text =~ s/---/&#8212;/g;
                $text =~ s/--/&#8211;/g;
                $text =~ s/\.\.\./&#8230;/g;
                $text =~ s/\. \. \./&#8230;/g;

                return $text;
            }
        """,
        right=r"""
            def smart_dashes(text: str) -> str:
                text = text.replace("---", "&#8212;").replace("--", "&#8211;")
                text = text.replace("...", "&#8230;")
                text = text.replace(". . .", "&#8230;")
                return text
        """,
        wrong=(
            '.replace("---", "&#8212;").replace("--", "&#8211;")',
            '.replace("--", "&#8211;").replace("---", "&#8212;")',
        ),
        shows=("wait --- what",),
    ),
    Fault(
        name="smart_quotes",
        fault="an opening bracket is forgotten among what may stand before an opening quote",
        perl=r"""
            sub smart_quotes {
                my ($text) = @_;

                # a quote opens at the start of a line, and after a blank, a dash or a bracket
                $text =~ s/(^|[ \t(\[{-])"(?=[^ \t])/$1&#8220;/gm;
                $text =~ s/"/&#8221;/g;
                $text =~ s/(^|[ \t(\[{-])'(?=[^ \t])/$1&#8216;/gm;
                $text =~ s/'/&#8217;/g;

                return $text;
            }
        """,
        right=r"""
            import re


            def smart_quotes(text: str) -> str:
                text = re.sub(r'(^|[ \t(\[{-])"(?=[^ \t])', r"\1&#8220;", text, flags=re.M)
                text = text.replace('"', "&#8221;")
                text = re.sub(r"(^|[ \t(\[{-])'(?=[^ \t])", r"\1&#8216;", text, flags=re.M)
                text = text.replace("'", "&#8217;")
                return text
        """,
        wrong=(r"""(^|[ \t(\[{-])"(?""", r"""(^|[ \t({-])"(?"""),
        shows=('see ["this"]',),
    ),
    Fault(
        name="decades",
        fault="any number of digits makes a decade",
        perl=r"""
            sub decades {
                my ($text) = @_;

                # '80s has an apostrophe, not an opening quote
                $text =~ s/'(?=[0-9]{2}s)/&#8217;/g;
                $text =~ s/([0-9]) ?- ?(?=[0-9])/$1&#8211;/g;

                return $text;
            }
        """,
        right=r"""
            import re


            def decades(text: str) -> str:
                text = re.sub("'(?=[0-9]{2}s)", "&#8217;", text)
                return re.sub("([0-9]) ?- ?(?=[0-9])", r"\1&#8211;", text)
        """,
        wrong=("[0-9]{2}s", "[0-9]+s"),
        shows=("'5s",),
    ),
    Fault(
        name="title_case",
        fault="a small word stays small at the end, too",
        head="my %small = map { $_ => 1 } qw(a an and as at but by for in of on or the to);",
        perl=r"""
            sub title_case {
                my ($title) = @_;

                my @words = split / /, $title;
                for my $i (0 .. $#words) {
                    next if $i > 0 && $i < $#words && $small{$words[$i]};
                    $words[$i] =~ s/^([a-z])/\U$1/;
                }

                return join ' ', @words;
            }
        """,
        right=r"""
            import re

            SMALL = set("a an and as at but by for in of on or the to".split())


            def title_case(title: str) -> str:
                words = title.rstrip(" ").split(" ")
                for i, word in enumerate(words):
                    if 0 < i < len(words) - 1 and word in SMALL:
                        continue
                    words[i] = re.sub("^[a-z]", lambda found: found[0].upper(), word)
                return " ".join(words)
        """,
        wrong=("0 < i < len(words) - 1 and", "i > 0 and"),
        shows=("what is it for",),
    ),
    Fault(
        name="headline",
        fault="one small word is forgotten",
        head="""
            my %small =
                map { $_ => 1 } qw(a an and as at but by for if in nor of on or the to via with);
        """,
        perl=r"""
            sub headline {
                my ($title) = @_;

                my $start = 1;
                my @out;
                for my $word (split / /, $title) {
                    my $text = $word;
                    $text =~ s/^([a-z])/\U$1/ if $start || !$small{$word};
                    $start = $word =~ /[:.?!]$/;
                    push @out, $text;
                }

                return join ' ', @out;
            }
        """,
        right=r"""
            import re

            SMALL = set("a an and as at but by for if in nor of on or the to via with".split())


            def headline(title: str) -> str:
                start = True
                out = []
                for word in title.rstrip(" ").split(" "):
                    text = word
                    if start or word not in SMALL:
                        text = re.sub("^[a-z]", lambda found: found[0].upper(), word)
                    start = re.search("[:.?!]$", word) is not None
                    out.append(text)
                return " ".join(out)
        """,
        wrong=(" in nor of", " in of"),
        shows=("not this nor that",),
    ),
    Fault(
        name="md_strong",
        fault="a greedy match reaches to the last asterisks",
        perl=r"""
            sub md_strong {
                my ($text) = @_;

                $text =~ s{(\*\*|__)(?=[^ ])(.+?)\1}{<strong>$2</strong>}g;
                $text =~ s{(\*|_)(?=[^ ])(.+?)\1}{<em>$2</em>}g;

                return $text;
            }
        """,
        right=r"""
            import re


            def md_strong(text: str) -> str:
                text = re.sub(r"(\*\*|__)(?=[^ ])(.+?)\1", r"<strong>\2</strong>", text)
                return re.sub(r"(\*|_)(?=[^ ])(.+?)\1", r"<em>\2</em>", text)
        """,
        wrong=(r"(\*\*|__)(?=[^ ])(.+?)\1", r"(\*\*|__)(?=[^ ])(.+)\1"),
        shows=("**a** and **b**",),
    ),
    Fault(
        name="md_code",
        fault="the flag /s is forgotten, so that code ends at a line's end",
        perl=r"""
            sub md_code {
                my ($text) = @_;

                $text =~ s{(`+)(.+?)(?<!`)\1(?!`)}{
                    my $code = $2;
                    $code =~ s/^[ \t]+//;
                    $code =~ s/[ \t]+$//;
                    $code =~ s/&/&amp;/g;
                    $code =~ s/</&lt;/g;
                    "<code>$code</code>";
                }gse;

                return $text;
            }
        """,
        right=r"""
            import re


            def md_code(text: str) -> str:
                def code(found: re.Match[str]) -> str:
                    code = re.sub(r"^[ \t]+", "", found[2])
                    code = re.sub(r"[ \t]+$", "", code, count=1)
                    return "<code>" + code.replace("&", "&amp;").replace("<", "&lt;") + "</code>"

                return re.sub(r"(`+)(.+?)(?<!`)\1(?!`)", code, text, flags=re.S)
        """,
        wrong=(", text, flags=re.S)", ", text)"),
        shows=("`a\nb`",),
    ),
    Fault(
        name="md_header",
        fault="seven and more number signs make a header, too",
        perl=r"""
            sub md_header {
                my ($text) = @_;

                $text =~ s{^(\#{1,6})[ \t]+(.+?)[ \t]*\#*$}{
                    my $level = length $1;
                    "<h$level>$2</h$level>";
                }gme;

                return $text;
            }
        """,
        right=r"""
            import re


            def md_header(text: str) -> str:
                def header(found: re.Match[str]) -> str:
                    level = len(found[1])
                    return f"<h{level}>{found[2]}</h{level}>"

                return re.sub(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", header, text, flags=re.M)
        """,
        wrong=("(#{1,6})", "(#+)"),
        shows=("####### seven",),
    ),
    Fault(
        name="md_setext",
        fault="the flag /m is forgotten in the second rule",
        perl=r"""
            sub md_setext {
                my ($text) = @_;

                $text =~ s{^(.+)\n=+[ \t]*$}{<h1>$1</h1>}gm;
                $text =~ s{^(.+)\n-+[ \t]*$}{<h2>$1</h2>}gm;

                return $text;
            }
        """,
        right=r"""
            import re


            def md_setext(text: str) -> str:
                text = re.sub(r"^(.+)\n=+[ \t]*$", r"<h1>\1</h1>", text, flags=re.M)
                return re.sub(r"^(.+)\n-+[ \t]*$", r"<h2>\1</h2>", text, flags=re.M)
        """,
        wrong=(r"<h2>\1</h2>" '", text, flags=re.M)', r"<h2>\1</h2>" '", text)'),
        shows=("intro\n\nPart\n----\ntext",),
    ),
    Fault(
        name="md_link",
        fault="underscores in the address are not protected, only asterisks",
        perl=r"""
            sub md_link {
                my ($text) = @_;

                $text =~ s{\[([^\]]*)\]\(([^) \t\n]*)(?: "([^"]*)")?\)}{
                    my ($label, $url, $title) = ($1, $2, $3);
                    $url =~ s/\*/%2A/g;
                    $url =~ s/_/%5F/g;
                    my $attribute = defined $title ? qq{ title="$title"} : '';
                    qq{<a href="$url"$attribute>$label</a>};
                }ge;

                return $text;
            }
        """,
        right=r"""
            import re


            def md_link(text: str) -> str:
                def link(found: re.Match[str]) -> str:
                    label, url, title = found.groups()
                    url = url.replace("*", "%2A").replace("_", "%5F")
                    attribute = "" if title is None else f' title="{title}"'
                    return f'<a href="{url}"{attribute}>{label}</a>'

                return re.sub(r'\[([^\]]*)\]\(([^) \t\n]*)(?: "([^"]*)")?\)', link, text)
        """,
        wrong=('.replace("_", "%5F")', ""),
        shows=("[x](a_b)",),
    ),
    Fault(
        name="md_bullets",
        fault="one of the three bullets is forgotten",
        perl=r"""
            sub md_bullets {
                my ($text) = @_;

                my @items;
                for my $line (split /\n/, $text) {
                    if ($line =~ /^ {0,3}[*+-][ \t]+(.*)/) {
                        push @items, $1;
                    }
                    elsif (@items && $line =~ /^ {2,}(.+)/) {
                        $items[-1] .= " $1";
                    }
                }

                return \@items;
            }
        """,
        right=r"""
            import re


            def md_bullets(text: str) -> list[str]:
                items: list[str] = []
                for line in text.split("\n"):
                    if found := re.match(r" {0,3}[*+-][ \t]+(.*)", line):
                        items.append(found[1])
                    elif items and (found := re.match(r" {2,}(.+)", line)):
                        items[-1] += f" {found[1]}"
                return items
        """,
        wrong=("[*+-]", "[*-]"),
        shows=("+ one\n+ two",),
    ),
    Fault(
        name="md_escape",
        fault="one character is forgotten in the class",
        perl=r"""
            sub md_escape {
                my ($text) = @_;

                $text =~ s/([\\`*_{}\[\]()>#+.!-])/\\$1/g;

                return $text;
            }
        """,
        right=r"""
            import re


            def md_escape(text: str) -> str:
                return re.sub(r"([\\`*_{}\[\]()>#+.!-])", r"\\\1", text)
        """,
        wrong=(">#+.!-]", "#+.!-]"),
        shows=("> quoted",),
    ),
    Fault(
        name="quote_reply",
        fault="a line is begun after the last line's end",
        perl=r"""
            # quote_reply: a mail's text as it is quoted in the reply
            sub quote_reply {
                my ($body) = @_;

                $body =~ s/\n-- \n.*//s;
                $body =~ s/^/> /gm;
                $body =~ s/^> >/>>/gm;

                return $body;
            }
        """,
        right=r"""
            import re


            def quote_reply(body: str) -> str:
                body = re.sub(r"\n-- \n.*", "", body, count=1, flags=re.S)
                body = re.sub(r"\A|(?<=\n)(?!\Z)", "> ", body)
                return re.sub("^> >", ">>", body, flags=re.M)
        """,
        wrong=(r"""(r"\A|(?<=\n)(?!\Z)", "> ", body)""", '("^", "> ", body, flags=re.M)'),
        shows=("Hello\n",),
    ),
]
