"""Comma- and tab-separated values, INI files, and other lines of fields."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="split_csv",
        fault="two quotes within quotes are not made one",
        perl=r"""
            sub split_csv {
                my ($line) = @_;

                my @fields;
                pos($line) = 0;
                while (1) {
                    if ($line =~ /\G"((?:[^"]|"")*)"/gc) {
                        my $field = $1;
                        $field =~ s/""/"/g;
                        push @fields, $field;
                    }
                    else {
                        $line =~ /\G([^,"]*)/gc;
                        push @fields, $1;
                    }
                    last if $line !~ /\G,/gc;
                }
                die "text after a quote\n" if substr($line, pos $line) !~ /^\n?\z/;

                return \@fields;
            }
        """,
        right=r"""
            import re

            FIELD = re.compile(r'"((?:[^"]|"")*)"|([^,"]*)')


            def split_csv(line: str) -> list[str]:
                fields = []
                at = 0
                while True:
                    found = FIELD.match(line, at)
                    assert found
                    if found[1] is not None:
                        fields.append(found[1].replace('""', '"'))
                    else:
                        fields.append(found[2])
                    at = found.end()
                    if line[at : at + 1] != ",":
                        break
                    at += 1
                if line[at:] not in ("", "\n"):
                    raise ValueError("text after a quote")
                return fields
        """,
        wrong=(""".replace('""', '"')""", ""),
        shows=('a,"b ""c"""',),
    ),
    Fault(
        name="csv_line",
        fault="a field with a line break gets no quotes",
        perl=r"""
            sub csv_line {
                my ($fields) = @_;

                my @out;
                for my $field (@$fields) {
                    my $text = defined $field ? $field : '';
                    if ($text =~ /[",\r\n]/ || $text =~ /^ | $/) {
                        $text =~ s/"/""/g;
                        $text = qq{"$text"};
                    }
                    push @out, $text;
                }

                return join(',', @out) . "\r\n";
            }
        """,
        right=r"""
            import re


            def csv_line(fields: list[str | None]) -> str:
                out = []
                for field in fields:
                    text = field or ""
                    if re.search('[",\r\n]', text) or re.search("^ | $", text):
                        text = text.replace('"', '""')
                        text = f'"{text}"'
                    out.append(text)
                return ",".join(out) + "\r\n"
        """,
        wrong=("""'[",\\r\\n]'""", """'[",]'"""),
        shows=(["a\nb"],),
    ),
    Fault(
        name="tsv_record",
        fault="empty fields at the end are kept",
        perl=r"""
            sub tsv_record {
                my ($line, $names) = @_;

                chomp $line;
                my @values = split /\t/, $line;
                my %record;
                for my $i (0 .. $#$names) {
                    next if $i > $#values;
                    my $value = $values[$i];
                    $value =~ s/\\t/\t/g;
                    $value =~ s/\\n/\n/g;
                    $record{ $names->[$i] } = $value;
                }

                return \%record;
            }
        """,
        right=r"""
            def tsv_record(line: str, names: list[str]) -> dict[str, str]:
                values = line.removesuffix("\n").rstrip("\t").split("\t")
                if values == [""]:
                    values = []
                record = {}
                for name, value in zip(names, values, strict=False):
                    record[name] = value.replace("\\t", "\t").replace("\\n", "\n")
                return record
        """,
        wrong=('.rstrip("\\t")', ""),
        shows=("1\t\t", ["a", "b"]),
    ),
    Fault(
        name="read_ini",
        fault="a semicolon begins no comment",
        perl=r"""
            sub read_ini {
                my ($text) = @_;

                my %settings;
                my $section = 'main';
                for my $line (split /\r?\n/, $text) {
                    next if $line =~ /^[ \t]*(?:[#;]|$)/;
                    if ($line =~ /^[ \t]*\[([^\]]+)\]/) {
                        $section = $1;
                    }
                    elsif ($line =~ /^[ \t]*([^=\n]*?)[ \t]*=[ \t]*(.*?)[ \t]*$/) {
                        $settings{"$section.$1"} = $2;
                    }
                }

                return \%settings;
            }
        """,
        right=r"""
            import re


            def read_ini(text: str) -> dict[str, str]:
                settings = {}
                section = "main"
                for line in re.split("\r?\n", text):
                    if re.match("[ \t]*(?:[#;]|$)", line):
                        continue
                    if found := re.match(r"[ \t]*\[([^\]]+)\]", line):
                        section = found[1]
                    elif found := re.match("[ \t]*([^=\n]*?)[ \t]*=[ \t]*(.*?)[ \t]*$", line):
                        settings[f"{section}.{found[1]}"] = found[2]
                return settings
        """,
        wrong=("[#;]", "[#]"),
        shows=("; a=1\nb=2",),
    ),
    Fault(
        name="parse_options",
        fault="of two settings of one key the first wins",
        perl=r"""
            sub parse_options {
                my ($text) = @_;

                my %options = (width => 80, color => 'auto');
                for my $pair (split /[ \t]*;[ \t]*/, $text) {
                    my ($key, $value) = split /[ \t]*=[ \t]*/, $pair, 2;
                    next if !defined $key || $key eq '';
                    if (!defined $value) {
                        $value = $key =~ s/^no-// ? 0 : 1;
                    }
                    $options{$key} = $value;
                }

                return \%options;
            }
        """,
        right=r"""
            import re
            from typing import Any


            def parse_options(text: str) -> dict[str, Any]:
                options: dict[str, Any] = {"width": 80, "color": "auto"}
                for pair in re.split("[ \t]*;[ \t]*", text):
                    key, *values = re.split("[ \t]*=[ \t]*", pair, maxsplit=1)
                    if not key:
                        continue
                    if values:
                        options[key] = values[0]
                    elif key.startswith("no-"):
                        options[key[3:]] = 0
                    else:
                        options[key] = 1
                return options
        """,
        wrong=("options[key] = values[0]", "options.setdefault(key, values[0])"),
        shows=("width=100; width=120",),
    ),
    Fault(
        name="join_continued",
        fault="a backslash on the last line is dropped with the line",
        perl=r"""
            sub join_continued {
                my ($text) = @_;

                my @lines;
                my $held = '';
                for my $line (split /\n/, $text) {
                    $line = $held . $line;
                    $held = '';
                    if ($line =~ s/\\$//) {
                        $held = $line;
                        next;
                    }
                    push @lines, $line;
                }
                push @lines, $held if $held ne '';

                return \@lines;
            }
        """,
        right=r"""
            def join_continued(text: str) -> list[str]:
                texts = text.split("\n")
                while texts and not texts[-1]:
                    texts.pop()
                lines = []
                held = ""
                for line in texts:
                    line = held + line
                    held = ""
                    if line.endswith("\\"):
                        held = line[:-1]
                        continue
                    lines.append(line)
                if held:
                    lines.append(held)
                return lines
        """,
        wrong=("    if held:\n        lines.append(held)\n", ""),
        shows=("a \\",),
    ),
    Fault(
        name="include_names",
        fault="an include in single quotes is forgotten",
        perl=r"""
            sub include_names {
                my ($source) = @_;

                my (%seen, @names);
                for my $line (split /\n/, $source) {
                    $line =~ s/#.*//;
                    next if $line !~ /^[ \t]*(include|require)[ \t]+(["'])([^"']+)\2[ \t]*;/i;
                    my ($kind, $name) = ($1, $3);
                    $name .= '.conf' if $name !~ /\./;
                    push @names, $name if !$seen{$name}++;
                }

                return \@names;
            }
        """,
        right=r"""
            import re

            INCLUDE = re.compile(
                r'''[ \t]*(include|require)[ \t]+(["'])([^"']+)\2[ \t]*;''', re.I | re.A
            )


            def include_names(source: str) -> list[str]:
                names: list[str] = []
                for line in source.split("\n"):
                    line = re.sub("#.*", "", line, count=1)
                    if found := INCLUDE.match(line):
                        name = found[3]
                        if "." not in name:
                            name += ".conf"
                        if name not in names:
                            names.append(name)
                return names
        """,
        wrong=("""+(["'])([^"']+)""", """+(["])([^"']+)"""),
        shows=("include 'base';",),
    ),
    Fault(
        name="split_words",
        fault="an empty word between quotes is dropped",
        perl=r"""
            # split_words: a command line's words, with single and double quotes
            sub split_words {
                my ($line) = @_;

                my @words;
                my $word;
                while ($line =~ /\G(?:([ \t\n]+)|'([^']*)'|"([^"]*)"|\\(.)|([^ \t\n'"\\]+))/gcs) {
                    if (defined $1) {
                        push @words, $word if defined $word;
                        undef $word;
                        next;
                    }
                    $word = '' if !defined $word;
                    $word .= $2 // $3 // $4 // $5;
                }
                die "open quote\n" if (pos($line) // 0) < length $line;
                push @words, $word if defined $word;

                return \@words;
            }
        """,
        right=r"""
            import re

            TOKEN = re.compile(
                r'''([ \t\n]+)|'([^']*)'|"([^"]*)"|\\(.)|([^ \t\n'"\\]+)''', re.S
            )


            def split_words(line: str) -> list[str]:
                words = []
                word = None
                at = 0
                while found := TOKEN.match(line, at):
                    at = found.end()
                    if found[1] is not None:
                        if word is not None:
                            words.append(word)
                        word = None
                        continue
                    part = next(one for one in found.groups() if one is not None)
                    word = (word or "") + part
                if at < len(line):
                    raise ValueError("open quote")
                if word is not None:
                    words.append(word)
                return words
        """,
        wrong=(
            "        if word is not None:\n                words",
            "        if word:\n                words",
        ),
        shows=("a '' b",),
    ),
    Fault(
        name="key_values",
        fault="a value in quotes ends at the first blank",
        perl=r"""
            sub key_values {
                my ($text) = @_;

                my %found;
                while ($text =~ /([A-Za-z_]+)=(?:"([^"]*)"|([^ \t,;]*))/g) {
                    my ($key, $value) = ($1, defined $2 ? $2 : $3);
                    $key =~ tr/A-Z/a-z/;
                    $found{$key} = $value;
                }

                return \%found;
            }
        """,
        right=r"""
            import re


            def key_values(text: str) -> dict[str, str]:
                values = {}
                for found in re.finditer('([A-Za-z_]+)=(?:"([^"]*)"|([^ \t,;]*))', text):
                    key, quoted, bare = found.groups()
                    values[key.lower()] = bare if quoted is None else quoted
                return values
        """,
        wrong=('(?:"([^"]*)"|', '(?:"([^" ]*)"|'),
        shows=('title="two words"',),
    ),
]
