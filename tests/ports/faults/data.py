"""Lists and hashes: groups, order, intervals, graphs and matrices."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="run_length",
        fault="a run of just nine characters is split",
        perl=r"""
            sub run_length {
                my ($text) = @_;

                $text =~ s/((.)\2{1,8})/length($1) . $2/ges;

                return $text;
            }
        """,
        right=r"""
            import re


            def run_length(text: str) -> str:
                return re.sub(
                    r"((.)\2{1,8})", lambda found: f"{len(found[1])}{found[2]}", text, flags=re.S
                )
        """,
        wrong=("{1,8}", "{1,7}"),
        shows=("aaaaaaaaa",),
    ),
    Fault(
        name="run_decode",
        fault="a count of two digits is not read whole",
        perl=r"""
            sub run_decode {
                my ($code) = @_;

                my $out = '';
                while ($code =~ /([0-9]{0,2})([^0-9])/g) {
                    my ($count, $letter) = ($1, $2);
                    $out .= $letter x ($count eq '' ? 1 : $count);
                }

                return $out;
            }
        """,
        right=r"""
            import re


            def run_decode(code: str) -> str:
                out = ""
                for count, letter in re.findall("([0-9]{0,2})([^0-9])", code):
                    out += letter * (int(count) if count else 1)
                return out
        """,
        wrong=("{0,2}", "?"),
        shows=("12a",),
    ),
    Fault(
        name="group_by_letter",
        fault="a group's names are not sorted",
        perl=r"""
            sub group_by_letter {
                my ($names) = @_;

                my %groups;
                for my $name (@$names) {
                    my $letter = $name =~ /^([A-Za-z])/ ? $1 : '#';
                    $letter =~ tr/a-z/A-Z/;
                    push @{ $groups{$letter} }, $name;
                }
                @$_ = sort @$_ for values %groups;

                return \%groups;
            }
        """,
        right=r"""
            import re


            def group_by_letter(names: list[str]) -> dict[str, list[str]]:
                groups: dict[str, list[str]] = {}
                for name in names:
                    letter = name[0].upper() if re.match("[A-Za-z]", name) else "#"
                    groups.setdefault(letter, []).append(name)
                return {letter: sorted(some) for letter, some in groups.items()}
        """,
        wrong=("sorted(some)", "some"),
        shows=(["bob", "ann", "al"],),
    ),
    Fault(
        name="unique",
        fault="of two spellings the last one is kept",
        perl=r"""
            sub unique {
                my ($names) = @_;

                my %seen;
                my @unique;
                for my $name (@$names) {
                    my $key = $name;
                    $key =~ tr/A-Z/a-z/;
                    push @unique, $name if !$seen{$key}++;
                }

                return \@unique;
            }
        """,
        right=r"""
            from string import ascii_lowercase, ascii_uppercase

            LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


            def unique(names: list[str]) -> list[str]:
                seen: dict[str, str] = {}
                for name in names:
                    seen.setdefault(name.translate(LOWER), name)
                return list(seen.values())
        """,
        wrong=(
            "seen.setdefault(name.translate(LOWER), name)",
            "seen[name.translate(LOWER)] = name",
        ),
        shows=(["a", "A"],),
    ),
    Fault(
        name="invert",
        fault="of two keys with one value the first wins",
        perl=r"""
            sub invert {
                my ($hash) = @_;

                my %inverse;
                for my $key (sort keys %$hash) {
                    $inverse{ $hash->{$key} } = $key;
                }

                return \%inverse;
            }
        """,
        right=r"""
            def invert(hash: dict[str, str]) -> dict[str, str]:
                return {hash[key]: key for key in sorted(hash)}
        """,
        wrong=("sorted(hash)", "sorted(hash, reverse=True)"),
        shows=({"a": "x", "b": "x"},),
    ),
    Fault(
        name="rank_scores",
        fault="the rank behind two equal ones is not left out",
        perl=r"""
            sub rank_scores {
                my ($scores) = @_;

                my @names = sort { $scores->{$b} <=> $scores->{$a} || $a cmp $b } keys %$scores;
                my ($rank, @lines) = (0);
                for my $i (0 .. $#names) {
                    my $points = $scores->{ $names[$i] };
                    $rank = $i + 1 if $i == 0 || $points != $scores->{ $names[$i - 1] };
                    push @lines, "$rank. $names[$i]: $points";
                }

                return \@lines;
            }
        """,
        right=r"""
            def rank_scores(scores: dict[str, int]) -> list[str]:
                names = sorted(scores, key=lambda name: (-scores[name], name))
                rank = 0
                lines = []
                for i, name in enumerate(names):
                    points = scores[name]
                    if i == 0 or points != scores[names[i - 1]]:
                        rank = i + 1
                    lines.append(f"{rank}. {name}: {points}")
                return lines
        """,
        wrong=("rank = i + 1", "rank += 1"),
        shows=({"a": 5, "b": 5, "c": 1},),
    ),
    Fault(
        name="merge_ranges",
        fault="ranges that only touch are not merged",
        perl=r"""
            sub merge_ranges {
                my ($text) = @_;

                my @ranges = sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] }
                    map { /^([0-9]{1,6})(?:-([0-9]{1,6}))?$/ ? [$1, $2 // $1] : () }
                    split /, */, $text;
                my @merged;
                for my $range (@ranges) {
                    if (@merged && $range->[0] <= $merged[-1][1] + 1) {
                        $merged[-1][1] = $range->[1] + 0 if $range->[1] > $merged[-1][1];
                    }
                    else {
                        push @merged, [map { $_ + 0 } @$range];
                    }
                }

                return join ',', map { $_->[0] == $_->[1] ? $_->[0] : "$_->[0]-$_->[1]" } @merged;
            }
        """,
        right=r"""
            import re


            def merge_ranges(text: str) -> str:
                ranges = []
                for part in re.split(", *", text):
                    if found := re.match("([0-9]{1,6})(?:-([0-9]{1,6}))?$", part):
                        ranges.append((int(found[1]), int(found[2] or found[1])))
                merged: list[list[int]] = []
                for first, last in sorted(ranges):
                    if merged and first <= merged[-1][1] + 1:
                        merged[-1][1] = max(merged[-1][1], last)
                    else:
                        merged.append([first, last])
                return ",".join(
                    f"{first}" if first == last else f"{first}-{last}" for first, last in merged
                )
        """,
        wrong=("<= merged[-1][1] + 1", "<= merged[-1][1]"),
        shows=("1-3,4-6",),
    ),
    Fault(
        name="build_order",
        fault="what one needs is not sorted by name",
        perl=r"""
            sub build_order {
                my ($needs) = @_;

                my (%done, %busy, @order);
                my $visit;
                $visit = sub {
                    my ($name) = @_;
                    return if $done{$name};
                    die "circle at $name\n" if $busy{$name}++;
                    $visit->($_) for sort @{ $needs->{$name} || [] };
                    $done{$name} = 1;
                    push @order, $name;
                };
                $visit->($_) for sort keys %$needs;

                return \@order;
            }
        """,
        right=r"""
            def build_order(needs: dict[str, list[str]]) -> list[str]:
                done: set[str] = set()
                busy: set[str] = set()
                order = []

                def visit(name: str) -> None:
                    if name in done:
                        return
                    if name in busy:
                        raise ValueError(f"circle at {name}")
                    busy.add(name)
                    for other in sorted(needs.get(name, [])):
                        visit(other)
                    done.add(name)
                    order.append(name)

                for name in sorted(needs):
                    visit(name)
                return order
        """,
        wrong=("sorted(needs.get(name, []))", "needs.get(name, [])"),
        shows=({"a": ["c", "b"]},),
    ),
    Fault(
        name="transpose",
        fault="rows that are shorter cut the columns",
        perl=r"""
            sub transpose {
                my ($rows) = @_;

                my @columns;
                for my $i (0 .. $#$rows) {
                    for my $j (0 .. $#{ $rows->[$i] }) {
                        $columns[$j][$_] //= '' for 0 .. $#$rows;
                        $columns[$j][$i] = $rows->[$i][$j];
                    }
                }

                return \@columns;
            }
        """,
        right=r"""
            from itertools import zip_longest


            def transpose(rows: list[list[str]]) -> list[list[str]]:
                return [list(column) for column in zip_longest(*rows, fillvalue="")]
        """,
        wrong=('zip_longest(*rows, fillvalue="")', "zip(*rows, strict=False)"),
        shows=([["a", "b"], ["c"]],),
    ),
    Fault(
        name="nearest_size",
        fault="of two that are as near the larger one wins",
        perl=r"""
            sub nearest_size {
                my ($size) = @_;

                my $best;
                for my $one (8, 10, 12, 14, 18, 24, 36, 48, 72) {
                    $best = $one if !defined $best || abs($one - $size) < abs($best - $size);
                }

                return $best;
            }
        """,
        right=r"""
            def nearest_size(size: int) -> int:
                return min((8, 10, 12, 14, 18, 24, 36, 48, 72), key=lambda one: abs(one - size))
        """,
        wrong=("key=lambda one: abs(one - size)", "key=lambda one: (abs(one - size), -one)"),
        shows=(60,),
    ),
    Fault(
        name="take_first",
        fault="the list that was given keeps its first words",
        perl=r"""
            sub take_first {
                my ($words, $count) = @_;

                $count = @$words if $count > @$words;
                my @taken = splice @$words, 0, $count;

                return \@taken;
            }
        """,
        right=r"""
            from typing import Annotated

            from annotated_types import Interval


            def take_first(
                words: list[str], count: Annotated[int, Interval(ge=0, le=100)]
            ) -> list[str]:
                taken = words[:count]
                del words[:count]
                return taken
        """,
        wrong=("    del words[:count]\n", ""),
        shows=(["a", "b"], 1),
    ),
    Fault(
        name="field_at",
        fault="a place before the first one is an error",
        perl=r"""
            sub field_at {
                my ($line, $at) = @_;

                my @fields = split /:/, $line;
                return '' if $at > $#fields || $at < -@fields;

                return $fields[$at];
            }
        """,
        right=r"""
            def field_at(line: str, at: int) -> str:
                fields = line.rstrip(":").split(":") if line.strip(":") else []
                if not -len(fields) <= at < len(fields):
                    return ""
                return fields[at]
        """,
        wrong=("if not -len(fields) <= at < len(fields)", "if at >= len(fields) or not fields"),
        shows=("a:b", -3),
    ),
    Fault(
        name="rating",
        fault="a fraction is rounded",
        perl=r"""
            sub rating {
                my ($stars) = @_;

                return '*' x $stars . '.' x (5 - $stars);
            }
        """,
        right=r"""
            def rating(stars: float) -> str:
                return "*" * int(stars) + "." * int(5 - stars)
        """,
        wrong=('"*" * int(stars)', '"*" * round(stars)'),
        shows=(2.7,),
    ),
    Fault(
        name="answer",
        fault="all line ends are taken off, not one",
        perl=r"""
            sub answer {
                my ($line, $default) = @_;

                return undef if $line eq '';
                chomp $line;

                return $line eq '' ? $default : $line;
            }
        """,
        right=r"""
            def answer(line: str, default: str) -> str | None:
                if line == "":
                    return None
                return line.removesuffix("\n") or default
        """,
        wrong=('removesuffix("\\n")', 'rstrip("\\n")'),
        shows=("\n\n", "yes"),
    ),
    Fault(
        name="zip_code",
        fault="a line end behind the code makes it wrong",
        perl=r"""
            sub zip_code {
                my ($text) = @_;

                return { code => $1, more => $2 } if $text =~ /^([0-9]{5})(?:-([0-9]{4}))?$/;
                return { code => "0$1" } if $text =~ /^([0-9]{4})$/;
                return {};
            }
        """,
        right=r"""
            import re


            def zip_code(text: str) -> dict[str, str | None]:
                if found := re.match("([0-9]{5})(?:-([0-9]{4}))?$", text):
                    return {"code": found[1], "more": found[2]}
                if found := re.match("([0-9]{4})$", text):
                    return {"code": f"0{found[1]}"}
                return {}
        """,
        wrong=(
            're.match("([0-9]{5})(?:-([0-9]{4}))?$", text)',
            're.fullmatch("([0-9]{5})(?:-([0-9]{4}))?", text)',
        ),
        shows=("12345\n",),
    ),
]
