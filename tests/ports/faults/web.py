"""Addresses, query strings, mail headers, logs and networks."""

from __future__ import annotations

from ports.faults.fault import Fault

ALL = [
    Fault(
        name="uri_escape",
        fault="the tilde is escaped",
        perl=r"""
            sub uri_escape {
                my ($text) = @_;

                $text =~ s/[\x{100}-\x{10FFFF}]/?/g;
                $text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;

                return $text;
            }
        """,
        right=r"""
            import re


            def uri_escape(text: str) -> str:
                text = re.sub("[^\x00-\xff]", "?", text)
                return re.sub("[^A-Za-z0-9_.~-]", lambda found: f"%{ord(found[0]):02X}", text)
        """,
        wrong=("[^A-Za-z0-9_.~-]", "[^A-Za-z0-9_.-]"),
        shows=("/~user",),
    ),
    Fault(
        name="uri_unescape",
        fault="a plus in the text stays as it is",
        perl=r"""
            sub uri_unescape {
                my ($text) = @_;

                $text =~ tr/+/ /;
                $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;

                return $text;
            }
        """,
        right=r"""
            import re


            def uri_unescape(text: str) -> str:
                text = text.replace("+", " ")
                return re.sub("%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
        """,
        wrong=('    text = text.replace("+", " ")\n', ""),
        shows=("a+b",),
    ),
    Fault(
        name="parse_query",
        fault="a semicolon does not part two parameters",
        perl=r"""
            sub parse_query {
                my ($query) = @_;

                my %parameters;
                for my $pair (split /[&;]/, $query) {
                    next if $pair eq '';
                    my ($name, $value) = split /=/, $pair, 2;
                    $value = '' if !defined $value;
                    for ($name, $value) {
                        tr/+/ /;
                        s/%([0-9a-fA-F]{2})/chr hex $1/ge;
                    }
                    push @{ $parameters{$name} }, $value;
                }

                return \%parameters;
            }
        """,
        right=r"""
            import re


            def parse_query(query: str) -> dict[str, list[str]]:
                parameters: dict[str, list[str]] = {}
                for pair in re.split("[&;]", query):
                    if not pair:
                        continue
                    name, _, value = pair.partition("=")
                    parameters.setdefault(decoded(name), []).append(decoded(value))
                return parameters


            def decoded(text: str) -> str:
                text = text.replace("+", " ")
                return re.sub("%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
        """,
        wrong=("[&;]", "&"),
        shows=("a=1;b=2",),
    ),
    Fault(
        name="build_query",
        fault="a value of 0 is left out",
        perl=r"""
            sub build_query {
                my ($parameters) = @_;

                my @pairs;
                for my $name (sort keys %$parameters) {
                    my $value = $parameters->{$name};
                    next if !defined $value || !length $value;
                    $value =~ s/([%&=+#])/sprintf '%%%02X', ord $1/ge;
                    $value =~ tr/ /+/;
                    push @pairs, "$name=$value";
                }

                return @pairs ? '?' . join '&', @pairs : '';
            }
        """,
        right=r"""
            import re


            def build_query(parameters: dict[str, str | int | None]) -> str:
                pairs = []
                for name in sorted(parameters):
                    value = parameters[name]
                    if value is None or value == "":
                        continue
                    text = re.sub("[%&=+#]", lambda found: f"%{ord(found[0]):02X}", str(value))
                    pairs.append(f"{name}={text.replace(' ', '+')}")
                return "?" + "&".join(pairs) if pairs else ""
        """,
        wrong=('if value is None or value == "":', "if not value:"),
        shows=({"page": 0},),
    ),
    Fault(
        name="split_url",
        fault="the scheme is taken in small letters only",
        perl=r"""
            sub split_url {
                my ($url) = @_;

                my ($scheme, $host, $port, $path, $query, $fragment) = $url =~ m{
                    ^([A-Za-z][A-Za-z0-9+.-]*)://   # scheme
                    ([^/:?\#]*)(?::([0-9]{1,5}))?   # host, port
                    ([^?\#]*)                       # path
                    (?:\?([^\#]*))?                 # query
                    (?:\#(.*))?$                    # fragment
                }xs or return undef;
                $scheme =~ tr/A-Z/a-z/;
                $port = $scheme eq 'https' ? 443 : 80 if !defined $port;

                return { scheme => $scheme, host => $host, port => $port, path => $path || '/',
                         query => $query, fragment => $fragment };
            }
        """,
        right=r"""
            import re
            from typing import Any

            URL = re.compile(
                r"([A-Za-z][A-Za-z0-9+.-]*)://([^/:?#]*)(?::([0-9]{1,5}))?"
                r"([^?#]*)(?:\?([^#]*))?(?:#(.*))?$",
                re.S,
            )


            def split_url(url: str) -> dict[str, Any] | None:
                found = URL.match(url)
                if not found:
                    return None
                scheme, host, port, path, query, fragment = found.groups()
                scheme = scheme.lower()
                if port is None:
                    port = 443 if scheme == "https" else 80
                return {
                    "scheme": scheme,
                    "host": host,
                    "port": port,
                    "path": path if path not in ("", "0") else "/",
                    "query": query,
                    "fragment": fragment,
                }
        """,
        wrong=('r"([A-Za-z][A-Za-z0-9+.-]*)', 'r"([a-z][a-z0-9+.-]*)'),
        shows=("HTTP://example.org/",),
    ),
    Fault(
        name="unfold_headers",
        fault="a line that begins with a tab continues no header",
        perl=r"""
            sub unfold_headers {
                my ($text) = @_;

                $text =~ s/\r\n/\n/g;
                my ($head) = split /\n\n/, $text, 2;
                return {} if !defined $head;
                $head =~ s/\n[ \t]+/ /g;
                my %headers;
                for my $line (split /\n/, $head) {
                    next if $line !~ /^([A-Za-z0-9-]+):[ \t]*(.*)$/;
                    my ($name, $value) = ($1, $2);
                    $name =~ tr/A-Z/a-z/;
                    $headers{$name} = exists $headers{$name} ? "$headers{$name}, $value" : $value;
                }

                return \%headers;
            }
        """,
        right=r"""
            import re


            def unfold_headers(text: str) -> dict[str, str]:
                head, *_ = text.replace("\r\n", "\n").split("\n\n", 1)
                head = re.sub("\n[ \t]+", " ", head)
                headers: dict[str, str] = {}
                for line in head.split("\n"):
                    if found := re.match("([A-Za-z0-9-]+):[ \t]*(.*)$", line):
                        name, value = found[1].lower(), found[2]
                        headers[name] = f"{headers[name]}, {value}" if name in headers else value
                return headers
        """,
        wrong=('re.sub("\\n[ \\t]+", " ", head)', 're.sub("\\n +", " ", head)'),
        shows=("Subject: one\n\ttwo",),
    ),
    Fault(
        name="mbox_messages",
        fault="a From within a paragraph begins a message",
        perl=r"""
            sub mbox_messages {
                my ($mbox) = @_;

                my @messages;
                my $blank = 1;
                for my $line (split /\n/, $mbox) {
                    if ($blank && $line =~ /^From [^ ]+/) {
                        push @messages, '';
                    }
                    elsif (@messages) {
                        my $text = $line;
                        $text =~ s/^>(>*From )/$1/;
                        $messages[-1] .= "$text\n";
                    }
                    $blank = $line eq '';
                }

                return \@messages;
            }
        """,
        right=r"""
            import re


            def mbox_messages(mbox: str) -> list[str]:
                messages: list[str] = []
                blank = True
                for line in mbox.rstrip("\n").split("\n"):
                    if blank and re.match("From [^ ]+", line):
                        messages.append("")
                    elif messages:
                        text = re.sub("^>(>*From )", r"\1", line)
                        messages[-1] += f"{text}\n"
                    blank = line == ""
                return messages
        """,
        wrong=("if blank and re", "if re"),
        shows=("From a@b\n\nHello.\nFrom now on\n",),
    ),
    Fault(
        name="display_name",
        fault="the name in quotes keeps its backslashes",
        perl=r"""
            sub display_name {
                my ($address) = @_;

                if ($address =~ /^[ ]*"((?:[^"\\]|\\.)*)"[ ]*<[^>]*>/) {
                    my $name = $1;
                    $name =~ s/\\(.)/$1/g;
                    return $name;
                }
                return $1 if $address =~ /^[ ]*([^<>"]*[^<>" ])[ ]*<[^>]*>/;
                return $1 if $address =~ /\(([^()]*)\)/;
                return $1 if $address =~ /<?([^<>@ ]+)@/;
                return '';
            }
        """,
        right=r"""
            import re


            def display_name(address: str) -> str:
                if found := re.match(r' *"((?:[^"\\]|\\.)*)" *<[^>]*>', address):
                    return re.sub(r"\\(.)", r"\1", found[1])
                if found := re.match(' *([^<>"]*[^<>" ]) *<[^>]*>', address):
                    return found[1]
                if found := re.search(r"\(([^()]*)\)", address):
                    return found[1]
                if found := re.search("<?([^<>@ ]+)@", address):
                    return found[1]
                return ""
        """,
        wrong=(r'return re.sub(r"\\(.)", r"\1", found[1])', "return found[1]"),
        shows=('"A \\"B\\" C" <a@b.org>',),
    ),
    Fault(
        name="access_log",
        fault="a line whose size is - is dropped",
        perl=r"""
            sub access_log {
                my ($lines) = @_;

                my %bytes;
                for my $line (@$lines) {
                    my ($host, $request, $status, $size) = $line =~
                        /^([^ ]+) [^ ]+ [^ ]+ \[[^\]]+\] "([^"]*)" ([0-9]{3}) ([0-9]{1,9}|-)/
                        or next;
                    next if $status >= 400;
                    $size = 0 if $size eq '-';
                    $bytes{$host} += $size;
                }

                return \%bytes;
            }
        """,
        right=r"""
            import re
            from collections import Counter

            LINE = re.compile(
                r'([^ ]+) [^ ]+ [^ ]+ \[[^\]]+\] "([^"]*)" ([0-9]{3}) ([0-9]{1,9}|-)'
            )


            def access_log(lines: list[str]) -> dict[str, int]:
                sizes: Counter[str] = Counter()
                for line in lines:
                    found = LINE.match(line)
                    if not found or int(found[3]) >= 400:
                        continue
                    sizes[found[1]] += 0 if found[4] == "-" else int(found[4])
                return dict(sizes)
        """,
        wrong=("([0-9]{1,9}|-)'", "([0-9]{1,9})'"),
        shows=(['a - - [1/May/2024] "GET /" 304 -'],),
    ),
]
