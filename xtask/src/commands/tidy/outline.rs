//! A README as `tidy` reads it: its headings, blocks, fences and paragraphs, one after the other.

use std::ops::Range;

use course::blocks::{Block, Piece};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A README, parsed.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    /// The parts of the text, in order.
    pub(crate) parts: Vec<Part<'a>>,
    /// The prose of each line that has any, without code.
    pub(crate) prose: Vec<(usize, String)>,
    /// Each link: its line and its target.
    pub(crate) links: Vec<(usize, String)>,
}

/// One block of the text. A list or a table is one block.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// Its first line, from 1.
    pub(crate) line: usize,
    pub(crate) kind: Kind<'a>,
    /// The source, without the white space around it.
    pub(crate) source: &'a str,
    /// How many words a reader reads here; 0 for code and generated blocks.
    pub(crate) words: usize,
    /// The `code` inside the prose.
    pub(crate) spans: Vec<Span>,
    /// Whether a `<details>` above it is still open.
    pub(crate) is_folded: bool,
}

/// The kind of a part.
#[derive(Debug)]
pub(crate) enum Kind<'a> {
    /// 1 is the title.
    Heading(u8),
    Generated(&'a Block<'a>),
    Fence {
        language: String,
        body: String,
    },
    Html,
    Table,
    /// A paragraph, a list, a quotation.
    Text,
}

/// `code` inside prose.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) is_link: bool,
}

/// A heading and what is below it, down to the next heading of its level or a higher one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section<'o, 'a> {
    pub(crate) heading: &'a str,
    pub(crate) line: usize,
    pub(crate) body: &'o [Part<'a>],
}

impl<'a> Outline<'a> {
    pub(crate) fn new(pieces: &'a [Piece<'a>]) -> Self {
        let mut outline = Self::default();
        let mut depth = 0;
        for piece in pieces {
            match piece {
                Piece::Block(block) => outline.parts.push(Part {
                    line: block.line,
                    kind: Kind::Generated(block),
                    source: block.body.trim(),
                    words: 0,
                    spans: Vec::new(),
                    is_folded: depth > 0,
                }),
                Piece::Prose(line, text) => outline.read(*line, text, &mut depth),
            }
        }
        outline
    }

    /// A text without generated blocks.
    pub(crate) fn of(text: &'a str) -> Self {
        let mut outline = Self::default();
        outline.read(1, text, &mut 0);
        outline
    }

    /// Adds the parts of `text`, which begins on `line` inside `depth` open `<details>`.
    fn read(&mut self, line: usize, text: &'a str, depth: &mut usize) {
        let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        let line_of = |at: usize| line + starts.partition_point(|start| *start <= at);
        let mut read = String::new();
        let (mut nesting, mut in_code, mut in_link) = (0, false, false);
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = line_of(range.start);
            if let Event::Start(tag) = &event {
                if nesting == 0 {
                    self.parts.push(Part::new(line, tag, text, range.clone(), *depth > 0));
                }
                nesting += 1;
            }
            let Some(part) = self.parts.last_mut() else { continue };
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    in_link = true;
                    self.links.push((line, dest_url.into_string()));
                }
                Event::Text(code) if in_code => {
                    if let Kind::Fence { body, .. } = &mut part.kind {
                        body.push_str(&code);
                    }
                }
                Event::Text(words) => {
                    read.push_str(&words);
                    self.say(line, &words);
                }
                Event::Code(code) => {
                    read.push_str(&code);
                    part.spans.push(Span { line, text: code.into_string(), is_link: in_link });
                    self.say(line, "`");
                }
                Event::SoftBreak | Event::HardBreak => read.push(' '),
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                    let html = &text[range];
                    *depth += html.matches("<details").count();
                    *depth = depth.saturating_sub(html.matches("</details").count());
                    let words = without_tags(html);
                    read.push_str(&words);
                    for (line, words) in (line..).zip(words.split('\n')) {
                        self.say(line, words);
                    }
                }
                Event::End(end) => {
                    nesting -= 1;
                    match end {
                        TagEnd::CodeBlock => in_code = false,
                        TagEnd::Link | TagEnd::Image => in_link = false,
                        TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell => read.push(' '),
                        _ => {}
                    }
                    if nesting == 0 {
                        part.words = read.split_whitespace().count();
                        read.clear();
                    }
                }
                _ => {}
            }
        }
    }

    fn say(&mut self, line: usize, words: &str) {
        match self.prose.last_mut() {
            Some((last, text)) if *last == line => text.push_str(words),
            _ => self.prose.push((line, words.to_owned())),
        }
    }

    /// The sections under the headings of `level`.
    pub(crate) fn sections(&self, level: u8) -> Vec<Section<'_, 'a>> {
        sections(&self.parts, level)
    }
}

impl<'a> Part<'a> {
    fn new(
        line: usize,
        tag: &Tag<'_>,
        text: &'a str,
        range: Range<usize>,
        is_folded: bool,
    ) -> Self {
        let kind = match tag {
            Tag::Heading { level: HeadingLevel::H1, .. } => Kind::Heading(1),
            Tag::Heading { level: HeadingLevel::H2, .. } => Kind::Heading(2),
            Tag::Heading { .. } => Kind::Heading(3),
            Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
                Kind::Fence { language: language.to_string(), body: String::new() }
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                Kind::Fence { language: String::new(), body: String::new() }
            }
            Tag::HtmlBlock => Kind::Html,
            Tag::Table(_) => Kind::Table,
            _ => Kind::Text,
        };
        let source = text[range].trim();
        Self { line, kind, source, words: 0, spans: Vec::new(), is_folded }
    }

    /// The kind of the generated block, if this is one.
    pub(crate) fn generated(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Generated(block) => Some(block.kind),
            _ => None,
        }
    }

    /// Whether the next part begins below an empty line.
    pub(crate) fn ends_before(&self, next: &Self) -> bool {
        next.line > self.line + self.source.lines().count()
    }
}

/// The sections of `parts` under the headings of `level`.
pub(crate) fn sections<'o, 'a>(parts: &'o [Part<'a>], level: u8) -> Vec<Section<'o, 'a>> {
    let is_end = |part: &Part<'_>| matches!(part.kind, Kind::Heading(other) if other <= level);
    let mut sections = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if !matches!(part.kind, Kind::Heading(other) if other == level) {
            continue;
        }
        let below = &parts[index + 1..];
        let body = &below[..below.iter().position(is_end).unwrap_or(below.len())];
        let heading = part.source.trim_start_matches('#').trim();
        sections.push(Section { heading, line: part.line, body });
    }
    sections
}

/// HTML without its tags and comments; the rest stays on its line.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        let (tag, after) = tag.split_once(end).unwrap_or((tag, ""));
        text.extend([before, " ", &"\n".repeat(tag.matches('\n').count())]);
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use course::blocks;

    use super::*;

    const TEXT: &str = "\
# Why?

One `two three`
[four](a/b.md \"c\"): five.

<!-- a remark -->
<!-- code: x -->
```rust
fn x() {}
```
<!-- end -->

<details><summary>More</summary>

```text
# no heading
```

| a | b |
|---|---|
| c | `d` |

</details>

## Next

1. A

   <details><summary>Answer</summary>B c.</details>
";

    #[test]
    fn a_text_has_parts_with_lines_and_words() {
        let pieces = blocks::pieces(TEXT).unwrap();
        let outline = Outline::new(&pieces);
        let found: Vec<(usize, usize, bool)> =
            outline.parts.iter().map(|part| (part.line, part.words, part.is_folded)).collect();
        let html = (13, 1, false);
        assert_eq!(
            found,
            [
                (1, 1, false),
                (3, 5, false),
                (6, 0, false),
                (7, 0, false),
                html,
                (15, 0, true),
                (19, 4, true),
                (23, 0, true),
                (25, 1, false),
                (27, 4, false),
            ]
        );
        assert_eq!(outline.links, [(4, "a/b.md".to_owned())]);
        assert_eq!(outline.parts[1].spans[0].text, "two three");
        let (_, answer) = outline.prose.iter().find(|(line, _)| *line == 29).unwrap();
        assert_eq!(answer.split_whitespace().collect::<Vec<_>>(), ["Answer", "B", "c."]);
    }

    #[test]
    fn a_section_ends_at_the_next_of_its_level() {
        let pieces = blocks::pieces(TEXT).unwrap();
        let outline = Outline::new(&pieces);
        let [top] = outline.sections(1)[..] else { panic!("one title") };
        assert_eq!((top.heading, top.line, top.body.len()), ("Why?", 1, 9));
        let [next] = outline.sections(2)[..] else { panic!("one section") };
        assert_eq!((next.heading, next.line, next.body.len()), ("Next", 25, 1));
    }

    #[test]
    fn tags_and_comments_are_not_read() {
        let text = without_tags("a <b>c</b> <!-- d >\ne --> f");
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["a", "c", "f"]);
        assert!(text.ends_with("\n f"), "{text:?}");
    }
}
