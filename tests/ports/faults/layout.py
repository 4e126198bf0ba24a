"""Text that is wrapped, justified, cut and indented; tables of text."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="wrap_words",
        fault="a line of just 72 characters is too long already",
        perl=r"""
            sub wrap_words {
                my ($text) = @_;

                my @lines;
                for my $word (grep { length } split /[ \n]+/, $text) {
                    if (@lines && length($lines[-1]) + 1 + length($word) <= 72) {
                        $lines[-1] .= " $word";
                    }
                    else {
                        push @lines, $word;
                    }
                }

                return join "\n", @lines;
            }
        """,
        right=r"""
            import re


            def wrap_words(text: str) -> str:
                lines: list[str] = []
                for word in filter(None, re.split("[ \n]+", text)):
                    if lines and len(lines[-1]) + 1 + len(word) <= 72:
                        lines[-1] += f" {word}"
                    else:
                        lines.append(word)
                return "\n".join(lines)
        """,
        wrong=("<= 72", "< 72"),
        shows=("a" * 36 + " " + "b" * 35,),
    ),
    Fault(
        name="justify",
        fault="the blanks that are left over go into the last gaps",
        perl=r"""
            sub justify {
                my ($line, $width) = @_;

                my @words = split / +/, $line;
                return $line if @words < 2;
                my $letters = 0;
                $letters += length for @words;
                my $blanks = $width - $letters;
                return join ' ', @words if $blanks < @words;

                my $out = shift @words;
                while (@words) {
                    my $gap = int(($blanks + @words - 1) / @words);
                    $out .= ' ' x $gap . shift @words;
                    $blanks -= $gap;
                }

                return $out;
            }
        """,
        right=r"""
            import re
            from typing import Annotated

            from annotated_types import Interval


            def justify(line: str, width: Annotated[int, Interval(ge=0, le=132)]) -> str:
                words = re.split(" +", line)
                while words and not words[-1]:
                    words.pop()
                if len(words) < 2:
                    return line
                blanks = width - sum(map(len, words))
                if blanks < len(words):
                    return " ".join(words)

                out, *rest = words
                while rest:
                    gap = (blanks + len(rest) - 1) // len(rest)
                    out += " " * gap + rest.pop(0)
                    blanks -= gap
                return out
        """,
        wrong=(
            "gap = (blanks + len(rest) - 1) // len(rest)",
            "gap = blanks // len(rest)",
        ),
        shows=("a b c", 8),
    ),
    Fault(
        name="excerpt",
        fault="a text of just 255 characters is cut",
        perl=r"""
            sub excerpt {
                my ($text) = @_;

                $text =~ s/[ \t\n]+/ /g;
                $text =~ s/^ //;
                $text =~ s/ $//;
                if (length $text > 255) {
                    $text = substr $text, 0, 252;
                    $text =~ s/ [^ ]*$//;
                    $text .= '...';
                }

                return $text;
            }
        """,
        right=r"""
            import re


            def excerpt(text: str) -> str:
                text = re.sub("[ \t\n]+", " ", text)
                text = text.removeprefix(" ").removesuffix(" ")
                if len(text) > 255:
                    text = text[:252]
                    text = re.sub(" [^ ]*$", "", text)
                    text += "..."
                return text
        """,
        wrong=("> 255", ">= 255"),
        shows=("a" * 255,),
    ),
    Fault(
        name="expand_tabs",
        fault="a tab at a tab stop adds nothing",
        perl=r"""
            sub expand_tabs {
                my ($text) = @_;

                my @out;
                for my $line (split /\n/, $text, -1) {
                    while ((my $at = index $line, "\t") >= 0) {
                        substr $line, $at, 1, ' ' x (8 - $at % 8);
                    }
                    push @out, $line;
                }

                return join "\n", @out;
            }
        """,
        right=r"""
            def expand_tabs(text: str) -> str:
                out = []
                for line in text.split("\n"):
                    while (at := line.find("\t")) >= 0:
                        line = line[:at] + " " * (8 - at % 8) + line[at + 1 :]
                    out.append(line)
                return "\n".join(out)
        """,
        wrong=("(8 - at % 8)", "(-at % 8)"),
        shows=("\tx",),
    ),
    Fault(
        name="unindent",
        fault="blank lines count for the smallest indent",
        perl=r"""
            sub unindent {
                my ($text) = @_;

                my $least;
                for my $line (split /\n/, $text) {
                    next if $line =~ /^[ ]*$/;
                    my ($blanks) = $line =~ /^([ ]*)/;
                    $least = length $blanks if !defined $least || length $blanks < $least;
                }
                return $text if !$least;
                $text =~ s/^[ ]{1,$least}//gm;

                return $text;
            }
        """,
        right=r"""
            import re


            def unindent(text: str) -> str:
                least = None
                for line in text.split("\n"):
                    if not line.strip(" "):
                        continue
                    blanks = len(line) - len(line.lstrip(" "))
                    if least is None or blanks < least:
                        least = blanks
                if not least:
                    return text
                return re.sub(f"^[ ]{{1,{least}}}", "", text, flags=re.M)
        """,
        wrong=('if not line.strip(" "):', "if not line:"),
        shows=("    one\n \n    two\n",),
    ),
    Fault(
        name="table_row",
        fault="a cell that is as wide as its column is cut",
        perl=r"""
            sub table_row {
                my ($cells, $widths) = @_;

                my @out;
                for my $i (0 .. $#$widths) {
                    my $cell = $cells->[$i] // '';
                    my $width = $widths->[$i];
                    $cell = substr($cell, 0, $width - 1) . '~' if length $cell > $width;
                    push @out, $cell . ' ' x ($width - length $cell);
                }

                return join ' | ', @out;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            Width = Annotated[int, Interval(ge=1, le=80)]


            def table_row(cells: list[str], widths: list[Width]) -> str:
                out = []
                for i, width in enumerate(widths):
                    cell = cells[i] if i < len(cells) else ""
                    if len(cell) > width:
                        cell = cell[: width - 1] + "~"
                    out.append(cell.ljust(width))
                return " | ".join(out)
        """,
        wrong=("if len(cell) > width", "if len(cell) >= width"),
        shows=(["ab"], [2]),
    ),
    Fault(
        name="column_widths",
        fault="columns past those of the first row are left out",
        perl=r"""
            sub column_widths {
                my ($rows) = @_;

                my @widths;
                for my $row (@$rows) {
                    for my $i (0 .. $#$row) {
                        my $length = length $row->[$i];
                        $widths[$i] = $length if !defined $widths[$i] || $length > $widths[$i];
                    }
                }

                return \@widths;
            }
        """,
        right=r"""
            def column_widths(rows: list[list[str]]) -> list[int]:
                widths: list[int] = []
                for row in rows:
                    for i, cell in enumerate(row):
                        if i == len(widths):
                            widths.append(len(cell))
                        widths[i] = max(widths[i], len(cell))
                return widths
        """,
        wrong=("enumerate(row)", "enumerate(row[: len(rows[0])])"),
        shows=([["a"], ["b", "cc"]],),
    ),
    Fault(
        name="align_numbers",
        fault="a minus sign is no part of a number, which is then aligned as text",
        perl=r"""
            sub align_numbers {
                my ($cells) = @_;

                my $width = 0;
                for my $cell (@$cells) {
                    $width = length $cell if length $cell > $width;
                }

                return [
                    map { /^-?[0-9]+(?:\.[0-9]+)?$/ ? sprintf '%*s', $width, $_
                                                    : sprintf '%-*s', $width, $_ } @$cells
                ];
            }
        """,
        right=r"""
            import re


            def align_numbers(cells: list[str]) -> list[str]:
                width = max(map(len, cells), default=0)
                number = re.compile(r"-?[0-9]+(?:\.[0-9]+)?$")
                return [
                    cell.rjust(width) if number.match(cell) else cell.ljust(width)
                    for cell in cells
                ]
        """,
        wrong=('r"-?[0-9]', 'r"[0-9]'),
        shows=(["-5", "total"],),
    ),
    Fault(
        name="center_title",
        fault="str.center puts the odd blank on the other side",
        perl=r"""
            sub center_title {
                my ($title, $width) = @_;

                my $free = $width - length $title;
                return $title if $free <= 0;
                my $left = int($free / 2);

                return '*' x $left . $title . '*' x ($free - $left);
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def center_title(title: str, width: Annotated[int, Interval(ge=0, le=132)]) -> str:
                free = width - len(title)
                if free <= 0:
                    return title
                left = free // 2
                return "*" * left + title + "*" * (free - left)
        """,
        wrong=(
            'return "*" * left + title + "*" * (free - left)',
            'return title.center(width, "*")',
        ),
        shows=("ab", 5),
    ),
    Fault(
        name="fold_comment",
        fault="a comment without words makes no line",
        perl=r"""
            sub fold_comment {
                my ($text) = @_;

                my $out = '';
                my $line = '#';
                for my $word (grep { $_ ne '' } split / /, $text) {
                    if (length("$line $word") > 60 && $line ne '#') {
                        $out .= "$line\n";
                        $line = '#';
                    }
                    $line .= " $word";
                }

                return "$out$line\n";
            }
        """,
        right=r"""
            def fold_comment(text: str) -> str:
                out = ""
                line = "#"
                for word in filter(None, text.split(" ")):
                    if len(f"{line} {word}") > 60 and line != "#":
                        out += f"{line}\n"
                        line = "#"
                    line += f" {word}"
                return f"{out}{line}\n"
        """,
        wrong=('return f"{out}{line}\\n"', 'return out if line == "#" else f"{out}{line}\\n"'),
        shows=(" ",),
    ),
    Fault(
        name="break_long_words",
        fault="a word of just 60 characters gets a hyphen",
        perl=r"""
            sub break_long_words {
                my ($text) = @_;

                my @out;
                for my $word (split / /, $text, -1) {
                    while (length $word > 60) {
                        push @out, substr($word, 0, 59) . '-';
                        $word = substr $word, 59;
                    }
                    push @out, $word;
                }

                return join ' ', @out;
            }
        """,
        right=r"""
            def break_long_words(text: str) -> str:
                out = []
                for word in text.split(" "):
                    while len(word) > 60:
                        out.append(word[:59] + "-")
                        word = word[59:]
                    out.append(word)
                return " ".join(out)
        """,
        wrong=("> 60", ">= 60"),
        shows=("x" * 60,),
    ),
    Fault(
        name="squeeze_blank_lines",
        fault="a line of blanks does not count as empty",
        perl=r"""
            sub squeeze_blank_lines {
                my ($text) = @_;

                my ($out, $empty) = ('', 0);
                for my $line (split /\n/, $text) {
                    if ($line =~ /^[ \t]*$/) {
                        $empty++;
                        next if $empty > 1;
                        $line = '';
                    }
                    else {
                        $empty = 0;
                    }
                    $out .= "$line\n";
                }

                return $out;
            }
        """,
        right=r"""
            def squeeze_blank_lines(text: str) -> str:
                lines = text.split("\n")
                while lines and not lines[-1]:
                    lines.pop()
                out, empty = "", 0
                for line in lines:
                    if not line.strip(" \t"):
                        empty += 1
                        if empty > 1:
                            continue
                        line = ""
                    else:
                        empty = 0
                    out += f"{line}\n"
                return out
        """,
        wrong=('if not line.strip(" \\t"):', "if not line:"),
        shows=("a\n\n \nb\n",),
    ),
]
