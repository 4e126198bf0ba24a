"""HTML, templates and wiki text."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="escape_html",
        fault="the ampersand is escaped last",
        perl=r"""
            sub escape_html {
                my ($text) = @_;

                $text =~ s/&/&amp;/g;
                $text =~ s/</&lt;/g;
                $text =~ s/>/&gt;/g;
                $text =~ s/"/&quot;/g;

                return $text;
            }
        """,
        right=r"""
            def escape_html(text: str) -> str:
                text = text.replace("&", "&amp;")
                text = text.replace("<", "&lt;").replace(">", "&gt;")
                return text.replace('"', "&quot;")
        """,
        wrong=(
            'replace("&", "&amp;")\n    text = text.replace("<", "&lt;")',
            'replace("<", "&lt;")\n    text = text.replace("&", "&amp;")',
        ),
        shows=("a < b",),
    ),
    Fault(
        name="attribute",
        fault="html.escape writes the apostrophe in another way",
        head="""
            my %entity = ('&' => 'amp', '<' => 'lt', '>' => 'gt', '"' => 'quot', "'" => '#39');
        """,
        perl=r"""
            sub attribute {
                my ($name, $value) = @_;

                return '' if !defined $value;
                return " $name" if $value eq '';
                $value =~ s/([&<>"'])/&$entity{$1};/g;

                return qq{ $name="$value"};
            }
        """,
        right=r"""
            import html


            def attribute(name: str, value: str | None) -> str:
                if value is None:
                    return ""
                if value == "":
                    return f" {name}"
                value = html.escape(value).replace("&#x27;", "&#39;")
                return f' {name}="{value}"'
        """,
        wrong=('.replace("&#x27;", "&#39;")', ""),
        shows=("title", "it's"),
    ),
    Fault(
        name="decode_entities",
        fault="&amp; is decoded first, and what comes of it once more",
        head="my %named = (lt => '<', gt => '>', quot => '\"', apos => \"'\", amp => '&');",
        perl=r"""
            sub decode_entities {
                my ($text) = @_;

                $text =~ s/&(lt|gt|quot|apos|amp);/$named{$1}/g;

                return $text;
            }
        """,
        right=r"""
            import re

            NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}


            def decode_entities(text: str) -> str:
                return re.sub("&(lt|gt|quot|apos|amp);", lambda found: NAMED[found[1]], text)
        """,
        wrong=(
            'return re.sub("&(lt|gt|quot|apos|amp);", lambda found: NAMED[found[1]], text)',
            'text = text.replace("&amp;", "&")\n'
            '    return re.sub("&(lt|gt|quot|apos|amp);", lambda found: NAMED[found[1]], text)',
        ),
        shows=("&amp;lt;",),
    ),
    Fault(
        name="numeric_entities",
        fault="a small x is taken only",
        perl=r"""
            sub numeric_entities {
                my ($text) = @_;

                $text =~ s/&#([0-9]{2,4});/chr $1/ge;
                $text =~ s/&#x([0-9a-f]{2,4});/chr hex $1/gei;

                return $text;
            }
        """,
        right=r"""
            import re


            def numeric_entities(text: str) -> str:
                text = re.sub("&#([0-9]{2,4});", lambda found: chr(int(found[1])), text)
                return re.sub(
                    "&#x([0-9a-f]{2,4});", lambda found: chr(int(found[1], 16)), text, flags=re.I
                )
        """,
        wrong=(
            'a-f]{2,4});", lambda found: chr(int(found[1], 16)), text, flags=re.I',
            'a-fA-F]{2,4});", lambda found: chr(int(found[1], 16)), text',
        ),
        shows=("&#X2F;",),
    ),
    Fault(
        name="strip_tags",
        fault="a tag that goes over two lines stays",
        perl=r"""
            sub strip_tags {
                my ($html) = @_;

                $html =~ s/<!--.*?-->//gs;
                $html =~ s/<(script|style)(?=[ >]).*?<\/\1>//gs;
                $html =~ s/<br *\/?>/\n/gi;
                $html =~ s/<\/?[A-Za-z][^>]*>//g;

                return $html;
            }
        """,
        right=r"""
            import re


            def strip_tags(html: str) -> str:
                html = re.sub("<!--.*?-->", "", html, flags=re.S)
                html = re.sub(r"<(script|style)(?=[ >]).*?</\1>", "", html, flags=re.S)
                html = re.sub("<br */?>", "\n", html, flags=re.I)
                return re.sub("</?[A-Za-z][^>]*>", "", html)
        """,
        wrong=("</?[A-Za-z][^>]*>", "</?[A-Za-z].*?>"),
        shows=("<a\nhref='x'>y</a>",),
    ),
    Fault(
        name="strip_comments",
        fault="the flag /s is forgotten",
        perl=r"""
            sub strip_comments {
                my ($css) = @_;

                $css =~ s{/\*.*?\*/}{}gs;
                $css =~ s/[ \t\n]+/ /g;
                $css =~ s/ ?([{};:,]) ?/$1/g;

                return $css;
            }
        """,
        right=r"""
            import re


            def strip_comments(css: str) -> str:
                css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
                css = re.sub(r"[ \t\n]+", " ", css)
                return re.sub(" ?([{};:,]) ?", r"\1", css)
        """,
        wrong=(", css, flags=re.S)", ", css)"),
        shows=("a { /* one\ntwo */ }",),
    ),
    Fault(
        name="minify_css",
        fault="the comma is forgotten among what needs no blanks around it",
        perl=r"""
            sub minify_css {
                my ($css) = @_;

                $css =~ s/[ \t\n]+/ /g;
                $css =~ s/ ?([{}:;>,]) ?/$1/g;
                $css =~ s/;}/}/g;
                $css =~ s/:0(?:px|em|%)/:0/g;
                $css =~ s/#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3/#$1$2$3/g;

                return $css;
            }
        """,
        right=r"""
            import re


            def minify_css(css: str) -> str:
                css = re.sub("[ \t\n]+", " ", css)
                css = re.sub(" ?([{}:;>,]) ?", r"\1", css)
                css = css.replace(";}", "}")
                css = re.sub(":0(?:px|em|%)", ":0", css)
                return re.sub(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3", r"#\1\2\3", css)
        """,
        wrong=("[{}:;>,]", "[{}:;>]"),
        shows=("a, b { }",),
    ),
    Fault(
        name="fill_template",
        fault="a value that holds a placeholder is filled in, too",
        perl=r"""
            sub fill_template {
                my ($text, $values) = @_;

                $text =~ s/\{([a-z_]+)\}/exists $values->{$1} ? $values->{$1} : "{$1}"/ge;

                return $text;
            }
        """,
        right=r"""
            import re


            def fill_template(text: str, values: dict[str, str]) -> str:
                name = re.compile(r"\{([a-z_]+)\}")
                return name.sub(lambda found: values.get(found[1], found[0]), text)
        """,
        wrong=(
            "return name.sub(lambda found: values.get(found[1], found[0]), text)",
            "for found in name.findall(text):\n"
            "        text = text.replace(f'{{{found}}}', values.get(found, f'{{{found}}}'))\n"
            "    return text",
        ),
        shows=("{a}{b}", {"a": "{b}", "b": "x"}),
    ),
    Fault(
        name="template_default",
        fault="a value of 0 does not make way for the default",
        perl=r"""
            sub template_default {
                my ($text, $values) = @_;

                $text =~ s/\[%[ ]*([a-z]+)(?:[ ]*\|\|[ ]*'([^']*)')?[ ]*%\]/
                    $values->{$1} || $2 || ''/gex;

                return $text;
            }
        """,
        right=r"""
            import re


            def template_default(text: str, values: dict[str, str]) -> str:
                def value(found: re.Match[str]) -> str:
                    for text in (values.get(found[1]), found[2]):
                        if text and text != "0":
                            return text
                    return ""

                return re.sub(r"\[% *([a-z]+)(?: *\|\| *'([^']*)')? *%\]", value, text)
        """,
        wrong=('if text and text != "0":', "if text:"),
        shows=("[% n || 'none' %]", {"n": "0"}),
    ),
    Fault(
        name="if_blocks",
        fault="the block reaches to the last end",
        perl=r"""
            sub if_blocks {
                my ($text, $flags) = @_;

                $text =~ s{\[% if (!?)([a-z]+) %\](.*?)(?:\[% else %\](.*?))?\[% end %\]}{
                    my $true = $flags->{$2} ? 1 : 0;
                    $true = !$true if $1;
                    $true ? $3 : defined $4 ? $4 : '';
                }gse;

                return $text;
            }
        """,
        right=r"""
            import re


            def if_blocks(text: str, flags: dict[str, bool]) -> str:
                def block(found: re.Match[str]) -> str:
                    true = flags.get(found[2], False)
                    if found[1]:
                        true = not true
                    return found[3] if true else found[4] or ""

                pattern = r"\[% if (!?)([a-z]+) %\](.*?)(?:\[% else %\](.*?))?\[% end %\]"
                return re.sub(pattern, block, text, flags=re.S)
        """,
        wrong=(r"%\](.*?)(?:\[% else", r"%\](.*)(?:\[% else"),
        shows=("[% if a %]1[% end %]-[% if b %]2[% end %]", {"a": True, "b": False}),
    ),
    Fault(
        name="bbcode",
        fault="tags in capitals are forgotten",
        perl=r"""
            sub bbcode {
                my ($text) = @_;

                $text =~ s{\[(b|i|u)\](.*?)\[/\1\]}{"<" . lc($1) . ">$2</" . lc($1) . ">"}gise;
                $text =~ s{\[url=([^\]"]+)\](.*?)\[/url\]}{<a href="$1">$2</a>}gis;
                $text =~ s{\[quote\](.*?)\[/quote\]}{<blockquote>$1</blockquote>}gis;

                return $text;
            }
        """,
        right=r"""
            import re


            def bbcode(text: str) -> str:
                def tag(found: re.Match[str]) -> str:
                    name = found[1].lower()
                    return f"<{name}>{found[2]}</{name}>"

                flags = re.I | re.S | re.A
                text = re.sub(r"\[(b|i|u)\](.*?)\[/\1\]", tag, text, flags=flags)
                text = re.sub(
                    r'\[url=([^\]"]+)\](.*?)\[/url\]', r'<a href="\1">\2</a>', text, flags=flags
                )
                quote = r"<blockquote>\1</blockquote>"
                return re.sub(r"\[quote\](.*?)\[/quote\]", quote, text, flags=flags)
        """,
        wrong=("quote, text, flags=flags)", "quote, text, flags=re.S | re.A)"),
        shows=("[QUOTE]x[/QUOTE]",),
    ),
    Fault(
        name="heading_ids",
        fault="the second heading of a name gets the number 2",
        perl=r"""
            sub heading_ids {
                my ($headings) = @_;

                my (%seen, @ids);
                for my $heading (@$headings) {
                    my $id = $heading;
                    $id =~ tr/A-Z/a-z/;
                    $id =~ s/[^a-z0-9 -]//g;
                    $id =~ tr/ /-/;
                    my $number = $seen{$id}++;
                    push @ids, $number ? "$id-$number" : $id;
                }

                return \@ids;
            }
        """,
        right=r"""
            import re
            from collections import Counter
            from string import ascii_lowercase, ascii_uppercase

            LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


            def heading_ids(headings: list[str]) -> list[str]:
                seen: Counter[str] = Counter()
                ids = []
                for heading in headings:
                    slug = re.sub("[^a-z0-9 -]", "", heading.translate(LOWER)).replace(" ", "-")
                    number = seen[slug]
                    seen[slug] += 1
                    ids.append(f"{slug}-{number}" if number else slug)
                return ids
        """,
        wrong=('f"{slug}-{number}"', 'f"{slug}-{number + 1}"'),
        shows=(["Usage", "Usage"],),
    ),
]
