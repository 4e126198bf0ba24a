"""Paths, globs, file names, includes and the names of cells."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="join_paths",
        fault="a part that is an absolute path does not begin anew",
        perl=r"""
            sub join_paths {
                my ($parts) = @_;

                my $result = '';
                for my $part (@$parts) {
                    next if $part eq '';
                    if ($part =~ m{^/} || $result eq '') {
                        $result = $part;
                    }
                    else {
                        $result =~ s{/+$}{};
                        $result .= "/$part";
                    }
                }
                1 while $result =~ s{(^|/)\.(/|$)}{$1};
                $result =~ s{/+}{/}g;

                return $result;
            }
        """,
        right=r"""
            import re


            def join_paths(parts: list[str]) -> str:
                result = ""
                for part in parts:
                    if not part:
                        continue
                    if part.startswith("/") or result == "":
                        result = part
                    else:
                        result = re.sub("/+$", "", result) + f"/{part}"
                before = None
                while result != before:
                    before = result
                    result = re.sub(r"(^|/)\.(/|$)", r"\1", result, count=1)
                return re.sub("/+", "/", result)
        """,
        wrong=('part.startswith("/") or result', "result"),
        shows=(["usr", "/local"],),
    ),
    Fault(
        name="parent_path",
        fault="a slash at the end hides the last part",
        perl=r"""
            sub parent_path {
                my ($path) = @_;

                my @parts = split m{/+}, $path;
                pop @parts;

                return join '/', @parts;
            }
        """,
        right=r"""
            import re


            def parent_path(path: str) -> str:
                parts = re.split("/+", path)
                while parts and not parts[-1]:
                    parts.pop()
                return "/".join(parts[:-1])
        """,
        wrong=("    while parts and not parts[-1]:\n        parts.pop()\n", ""),
        shows=("a/b/",),
    ),
    Fault(
        name="collapse_dots",
        fault="two dots above the start are dropped",
        perl=r"""
            sub collapse_dots {
                my ($path) = @_;

                my $root = $path =~ s{^/}{} ? '/' : '';
                my @out;
                for my $part (split m{/}, $path) {
                    next if $part eq '' || $part eq '.';
                    if ($part eq '..') {
                        if (@out && $out[-1] ne '..') {
                            pop @out;
                        }
                        elsif (!$root) {
                            push @out, '..';
                        }
                    }
                    else {
                        push @out, $part;
                    }
                }

                return $root . join('/', @out) || '.';
            }
        """,
        right=r"""
            def collapse_dots(path: str) -> str:
                root = "/" if path.startswith("/") else ""
                out: list[str] = []
                for part in path.split("/"):
                    if part in ("", "."):
                        continue
                    if part == "..":
                        if out and out[-1] != "..":
                            out.pop()
                        elif not root:
                            out.append("..")
                    else:
                        out.append(part)
                result = root + "/".join(out)
                return result if result not in ("", "0") else "."
        """,
        wrong=('if out and out[-1] != "..":', "if out:"),
        shows=("../../lib",),
    ),
    Fault(
        name="split_extension",
        fault="a file whose name begins with a dot has no stem",
        perl=r"""
            sub split_extension {
                my ($path) = @_;

                my ($stem, $extension) = $path =~ m{^(.*[^/])\.([^./]*)$}s ? ($1, $2) : ($path, '');
                if ($extension =~ /^(?:gz|bz2|xz)$/ && $stem =~ /^(.+)\.tar$/) {
                    ($stem, $extension) = ($1, "tar.$extension");
                }

                return [$stem, $extension];
            }
        """,
        right=r"""
            import re


            def split_extension(path: str) -> list[str]:
                stem, extension = path, ""
                if found := re.match(r"(.*[^/])\.([^./]*)$", path, re.S):
                    stem, extension = found.groups()
                if re.match("(?:gz|bz2|xz)$", extension):
                    if found := re.match(r"(.+)\.tar$", stem):
                        stem, extension = found[1], f"tar.{extension}"
                return [stem, extension]
        """,
        wrong=(r"(.*[^/])\.([^./]*)$", r"(.*)\.([^./]*)$"),
        shows=(".profile",),
    ),
    Fault(
        name="glob_pattern",
        fault="an asterisk matches slashes, too",
        perl=r"""
            sub glob_pattern {
                my ($glob) = @_;

                my $out = '';
                while ($glob =~ /\G(\*\*\/|\*\*|\*|\?|\[[^\]]+\]|.)/gcs) {
                    my $token = $1;
                    $out .= $token eq '**/' ? '(?:.*/)?'
                          : $token eq '**'  ? '.*'
                          : $token eq '*'   ? '[^/]*'
                          : $token eq '?'   ? '[^/]'
                          : $token =~ /^\[!(.+)/s ? "[^$1"
                          : length $token > 1     ? $token
                          : $token =~ /[.^\$+(){}|\\\[\]]/ ? "\\$token"
                          :                         $token;
                }

                return "^$out\$";
            }
        """,
        right=r"""
            import re

            FIXED = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


            def glob_pattern(glob: str) -> str:
                out = ""
                for found in re.finditer(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", glob, re.S):
                    token = found[0]
                    if token in FIXED:
                        out += FIXED[token]
                    elif len(token) > 1:
                        negated = token.startswith("[!") and len(token) > 2
                        out += "[^" + token[2:] if negated else token
                    elif token in r".^$+(){}|\[]":
                        out += f"\\{token}"
                    else:
                        out += token
                return f"^{out}$"
        """,
        wrong=('"*": "[^/]*"', '"*": ".*"'),
        shows=("src/*.c",),
    ),
    Fault(
        name="brace_expand",
        fault="an empty alternative is dropped",
        perl=r"""
            sub brace_expand {
                my ($pattern) = @_;

                if ($pattern =~ /^([^{}]*)\{([^{}]*)\}(.*)$/s) {
                    my ($before, $inside, $after) = ($1, $2, $3);
                    return [map { "$before$_$after" } split /,/, $inside, -1];
                }

                return [$pattern];
            }
        """,
        right=r"""
            import re


            def brace_expand(pattern: str) -> list[str]:
                if found := re.match(r"([^{}]*)\{([^{}]*)\}(.*)$", pattern, re.S):
                    before, inside, after = found.groups()
                    words = inside.split(",") if inside else []
                    return [f"{before}{word}{after}" for word in words]
                return [pattern]
        """,
        wrong=("for word in words]", "for word in words if word]"),
        shows=("file{,.bak}",),
    ),
    Fault(
        name="ignore_rule",
        fault="a number sign that is escaped begins a comment",
        perl=r"""
            sub ignore_rule {
                my ($line) = @_;

                return undef if $line =~ /^#/;
                $line =~ s/(?<!\\)[ \t]+$//;
                return undef if $line eq '';
                my $negated = $line =~ s/^!// ? 1 : 0;
                my $folder = $line =~ s{/$}{} ? 1 : 0;
                my $anchored = $line =~ m{/} ? 1 : 0;
                $line =~ s{^/}{};
                $line =~ s/^\\([#!])/$1/;

                return { pattern => $line, negated => $negated, folder => $folder,
                         anchored => $anchored };
            }
        """,
        right=r"""
            import re
            from typing import Any


            def ignore_rule(line: str) -> dict[str, Any] | None:
                if line.startswith("#"):
                    return None
                line = re.sub(r"(?<!\\)[ \t]+$", "", line, count=1)
                if not line:
                    return None
                line, negated = re.subn("^!", "", line)
                line, folder = re.subn("/$", "", line)
                anchored = int("/" in line)
                line = line.removeprefix("/")
                line = re.sub(r"^\\([#!])", r"\1", line)
                return {
                    "pattern": line, "negated": negated, "folder": folder, "anchored": anchored
                }
        """,
        wrong=(r'"^\\([#!])"', r'"^\\(!)"'),
        shows=("\\#notes",),
    ),
    Fault(
        name="safe_file_name",
        fault="a name of just 255 characters is cut",
        perl=r"""
            sub safe_file_name {
                my ($name) = @_;

                $name =~ s{[/\\:*?"<>|\x00-\x1f]}{_}g;
                $name =~ s/[. ]+$//;
                $name = "_$name" if $name =~ /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)/i;
                $name = substr $name, 0, 250 if length $name > 255;

                return $name eq '' ? '_' : $name;
            }
        """,
        right=r"""
            import re


            def safe_file_name(name: str) -> str:
                name = re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", name)
                name = re.sub("[. ]+$", "", name)
                if re.match(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)", name, re.I):
                    name = f"_{name}"
                if len(name) > 255:
                    name = name[:250]
                return name or "_"
        """,
        wrong=("> 255", ">= 255"),
        shows=("a" * 255,),
    ),
    Fault(
        name="cell_name",
        fault="columns after Z are counted as in base 26 with a zero",
        perl=r"""
            sub cell_name {
                my ($row, $column, $absolute) = @_;

                my $letters = '';
                my $left = $column + 1;
                while ($left) {
                    my $rest = $left % 26 || 26;
                    $letters = chr(ord('A') + $rest - 1) . $letters;
                    $left = int(($left - 1) / 26);
                }
                my $dollar = $absolute ? '$' : '';

                return $dollar . $letters . $dollar . ($row + 1);
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval

            Row = Annotated[int, Interval(ge=0, le=1048575)]
            Column = Annotated[int, Interval(ge=0, le=16383)]


            def cell_name(row: Row, column: Column, absolute: bool) -> str:
                letters = ""
                left = column + 1
                while left:
                    rest = left % 26 or 26
                    letters = chr(ord("A") + rest - 1) + letters
                    left = (left - 1) // 26
                dollar = "$" if absolute else ""
                return f"{dollar}{letters}{dollar}{row + 1}"
        """,
        wrong=("left = (left - 1) // 26", "left = left // 26"),
        shows=(0, 25, False),
    ),
    Fault(
        name="parse_cell",
        fault="the dollar sign before the row is forgotten",
        perl=r"""
            sub parse_cell {
                my ($name) = @_;

                my ($letters, $row) = $name =~ /^\$?([A-Z]{1,3})\$?([0-9]{1,7})$/;
                return undef if !defined $row;
                my $column = 0;
                for my $letter (split //, $letters) {
                    $column = $column * 26 + ord($letter) - ord('A') + 1;
                }

                return [$row - 1, $column - 1];
            }
        """,
        right=r"""
            import re


            def parse_cell(name: str) -> list[int] | None:
                found = re.match(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})$", name)
                if not found:
                    return None
                column = 0
                for letter in found[1]:
                    column = column * 26 + ord(letter) - ord("A") + 1
                return [int(found[2]) - 1, column - 1]
        """,
        wrong=(r"{1,3})\$?([0-9]", r"{1,3})([0-9]"),
        shows=("$B$2",),
    ),
    Fault(
        name="sheet_reference",
        fault="a name that begins with a digit gets no quotes",
        perl=r"""
            sub sheet_reference {
                my ($sheet, $cell) = @_;

                if ($sheet =~ /[^A-Za-z0-9_.]/ || $sheet =~ /^[0-9]/ || $sheet eq '') {
                    $sheet =~ s/'/''/g;
                    $sheet = "'$sheet'";
                }

                return "$sheet!$cell";
            }
        """,
        right=r"""
            import re


            def sheet_reference(sheet: str, cell: str) -> str:
                if re.search("[^A-Za-z0-9_.]", sheet) or re.match("[0-9]", sheet) or sheet == "":
                    sheet = sheet.replace("'", "''")
                    sheet = f"'{sheet}'"
                return f"{sheet}!{cell}"
        """,
        wrong=('re.match("[0-9]", sheet) or ', ""),
        shows=("2024", "A1"),
    ),
    Fault(
        name="next_name",
        fault="a 9 does not go over",
        perl=r"""
            # next_name: the name of the next copy, by Perl's increment of texts
            sub next_name {
                my ($name) = @_;

                return 'a' if $name !~ /^[a-z]{1,8}[0-9]{0,4}$/;
                chomp $name;
                $name++;

                return $name;
            }
        """,
        right=r"""
            import re


            def next_name(name: str) -> str:
                if not re.match("[a-z]{1,8}[0-9]{0,4}$", name):
                    return "a"
                out = ""
                rest = name.removesuffix("\n")
                while rest:
                    last, rest = rest[-1], rest[:-1]
                    if last not in "z9":
                        return rest + chr(ord(last) + 1) + out
                    out = ("a" if last == "z" else "0") + out
                return "a" + out
        """,
        wrong=('if last not in "z9":', 'if last != "z":'),
        shows=("a9",),
    ),
]
