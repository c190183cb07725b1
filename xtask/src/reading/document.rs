//! A text in Markdown, parsed: blocks in their order, with folded ones as a tree.

use std::mem::take;

use anstyle::Style;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::terminal::{CODE, EMPHASIS, FAINT, PLAIN, STRONG};

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inline {
    pub(crate) style: Style,
    pub(crate) text: String,
}

impl Inline {
    pub(crate) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { style, text: text.into() }
    }
}

/// The same text, all of it strong, as in a heading.
pub(crate) fn strong(text: &[Inline]) -> Vec<Inline> {
    text.iter().map(|inline| Inline::new(STRONG, inline.text.as_str())).collect()
}

/// A part of a text that has lines of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// 1 is the title.
    Heading(usize, Vec<Inline>),
    Paragraph(Vec<Inline>),
    /// To be shown as it is.
    Code(String),
    /// A list; with the number of its first item, if its items have numbers.
    List(Option<u64>, Vec<Vec<Block>>),
    /// Rows of cells; the first row is the head.
    Table(Vec<Vec<Vec<Inline>>>),
    /// `<details>`: its summary, and what it hides.
    Fold(Vec<Inline>, Vec<Block>),
}

/// Parses `text`. What `address` says about the target of a link is shown behind the link's words. Comments are left
/// out, and so is HTML other than `<details>`.
pub(crate) fn parse(text: &str, address: &dyn Fn(&str) -> Option<String>) -> Vec<Block> {
    let mut builder = Builder {
        open: vec![Open::default()],
        lists: Vec::new(),
        styles: Vec::new(),
        text: Vec::new(),
        link: None,
        code: None,
        html: String::new(),
        rows: Vec::new(),
        address,
    };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        builder.read(event);
    }
    builder.close()
}

struct Builder<'f> {
    /// What holds this place, from the document itself to the innermost item or fold.
    open: Vec<Open>,
    /// The open lists: the first number, and the items so far.
    lists: Vec<(Option<u64>, Vec<Vec<Block>>)>,
    /// The styles around the text, the innermost last.
    styles: Vec<Style>,
    /// The text that no block holds yet.
    text: Vec<Inline>,
    /// The open link: where its words begin in `text`, and its target.
    link: Option<(usize, String)>,
    /// The open block of code.
    code: Option<String>,
    /// The open block of HTML.
    html: String,
    /// The open table; its last row may be incomplete.
    rows: Vec<Vec<Vec<Inline>>>,
    address: &'f dyn Fn(&str) -> Option<String>,
}

/// The document, an item of a list, or a fold.
#[derive(Default)]
struct Open {
    /// Of a fold.
    summary: Option<Vec<Inline>>,
    blocks: Vec<Block>,
}

impl Builder<'_> {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.say(&text),
            },
            Event::Code(code) => self.put(CODE, format!("`{code}`")),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) => self.unfold(&html),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::CodeBlock(_) => {
                self.end_paragraph();
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                self.end_paragraph();
                self.lists.push((first, Vec::new()));
            }
            Tag::Item => self.open.push(Open::default()),
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Emphasis => self.styles.push(EMPHASIS),
            Tag::Strong => self.styles.push(STRONG),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.link = Some((self.text.len(), dest_url.into_string()));
            }
            Tag::HtmlBlock => self.end_paragraph(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => {
                let text = take(&mut self.text);
                self.add(Block::Heading(level as usize, text));
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.add(Block::Code(code));
            }
            TagEnd::Item => {
                let blocks = self.close();
                if let Some((_, items)) = self.lists.last_mut() {
                    items.push(blocks);
                }
            }
            TagEnd::List(_) => {
                if let Some((first, items)) = self.lists.pop() {
                    self.add(Block::List(first, items));
                }
            }
            TagEnd::TableCell => {
                let text = take(&mut self.text);
                if let Some(row) = self.rows.last_mut() {
                    row.push(text);
                }
            }
            TagEnd::Table => {
                let rows = take(&mut self.rows);
                self.add(Block::Table(rows));
            }
            TagEnd::Emphasis | TagEnd::Strong => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::HtmlBlock => {
                let html = take(&mut self.html);
                self.unfold(&html);
                self.end_paragraph();
            }
            _ => {}
        }
    }

    /// Reads the tags of `<details>`, and the text between any tags.
    fn unfold(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, tag)) = rest.split_once('<') {
            self.say(before);
            let end = if tag.starts_with("!--") { "-->" } else { ">" };
            let (tag, after) = tag.split_once(end).unwrap_or((tag, ""));
            match tag.split_whitespace().next() {
                Some("details") => {
                    self.end_paragraph();
                    self.open.push(Open { summary: Some(Vec::new()), blocks: Vec::new() });
                }
                Some("/summary") => {
                    if let Some(Open { summary: Some(summary), .. }) = self.open.last_mut() {
                        *summary = take(&mut self.text);
                    }
                }
                Some("/details") => {
                    self.end_paragraph();
                    self.close_fold();
                }
                _ => {}
            }
            rest = after;
        }
        self.say(rest);
    }

    /// Text in the style of its place.
    fn say(&mut self, text: &str) {
        let style = self.styles.last().copied().unwrap_or(PLAIN);
        self.put(style, text.replace('\n', " "));
    }

    fn put(&mut self, style: Style, text: String) {
        match self.text.last_mut() {
            Some(last) if last.style == style && self.link.is_none() => last.text.push_str(&text),
            _ => self.text.push(Inline::new(style, text)),
        }
    }

    fn end_link(&mut self) {
        let Some((start, target)) = self.link.take() else { return };
        let words: String = self.text[start..].iter().map(|inline| inline.text.as_str()).collect();
        let address = (self.address)(&target);
        if let Some(address) = address.filter(|address| address != words.trim_matches('`')) {
            self.say(" ");
            self.put(FAINT, format!("({address})"));
        }
    }

    fn end_paragraph(&mut self) {
        let text = take(&mut self.text);
        if text.iter().any(|inline| !inline.text.trim().is_empty()) {
            self.add(Block::Paragraph(text));
        }
    }

    fn add(&mut self, block: Block) {
        if let Some(open) = self.open.last_mut() {
            open.blocks.push(block);
        }
    }

    /// Closes the innermost fold, if one is open here.
    fn close_fold(&mut self) -> bool {
        let Some(open) = self.open.pop_if(|open| open.summary.is_some()) else { return false };
        self.add(Block::Fold(open.summary.unwrap_or_default(), open.blocks));
        true
    }

    /// Closes the innermost item, or the document, with every fold in it: what it holds.
    fn close(&mut self) -> Vec<Block> {
        self.end_paragraph();
        while self.close_fold() {}
        self.open.pop().map(|open| open.blocks).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<Inline> {
        vec![Inline::new(PLAIN, text)]
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(plain(text))
    }

    fn parsed(text: &str) -> Vec<Block> {
        parse(text, &|_| None)
    }

    #[test]
    fn a_fold_holds_what_is_between_its_tags() {
        let text = "\
<details><summary>Why</summary>

Because.

```text
<details>
```

</details>

After.
";
        let inside = vec![paragraph("Because."), Block::Code("<details>\n".to_owned())];
        assert_eq!(parsed(text), [Block::Fold(plain("Why"), inside), paragraph("After.")]);
    }

    #[test]
    fn a_fold_ends_with_the_item_that_it_is_in() {
        let closed = "1. Why?\n\n   <details><summary>Answer</summary>\n\n   So.\n\n   </details>\n\n2. Who?\n";
        let fold = Block::Fold(plain("Answer"), vec![paragraph("So.")]);
        let items = vec![vec![paragraph("Why?"), fold], vec![paragraph("Who?")]];
        assert_eq!(parsed(closed), [Block::List(Some(1), items)]);
        assert_eq!(parsed(&closed.replace("   </details>\n", "")), parsed(closed));
        // Markdown that touches the tags is HTML, and its words are still there.
        let glued = "- <details><summary>Answer</summary>So.</details>\n";
        let fold = Block::Fold(plain("Answer"), vec![paragraph("So.")]);
        assert_eq!(parsed(glued), [Block::List(None, vec![vec![fold]])]);
        assert_eq!(parsed("</details>\n\nWhy?\n"), [paragraph("Why?")]);
    }

    #[test]
    fn comments_are_hidden() {
        let text = "<!-- code: x -->\n```rust\nfn x() {} // <!-- y -->\n```\n<!-- end -->\n\na <!-- b > --> c\n";
        assert_eq!(
            parsed(text),
            [Block::Code("fn x() {} // <!-- y -->\n".to_owned()), paragraph("a  c")]
        );
    }

    #[test]
    fn a_link_tells_its_address_unless_its_words_do() {
        let address = |target: &str| target.strip_prefix("../").map(str::to_owned);
        let shown = |text| {
            let [Block::Paragraph(text)] = &parse(text, &address)[..] else { panic!("{text}") };
            text.iter().map(|inline| inline.text.as_str()).collect::<String>()
        };
        assert_eq!(shown("See [the `x`](../a.rs): b."), "See the `x` (a.rs): b.");
        assert_eq!(shown("See [`a.rs`](../a.rs)."), "See `a.rs`.");
        assert_eq!(shown("See [above](#top)."), "See above.");
    }

    #[test]
    fn lists_and_tables_have_parts() {
        let items = vec![vec![paragraph("a b")], vec![paragraph("c"), paragraph("d")]];
        assert_eq!(parsed("- a\n  b\n- c\n\n  d\n"), [Block::List(None, items)]);
        let nested = vec![vec![paragraph("a"), Block::List(Some(1), vec![vec![paragraph("b")]])]];
        assert_eq!(parsed("- a\n  1. b\n"), [Block::List(None, nested)]);
        let code = vec![Inline::new(CODE, "`d|e`")];
        let rows = vec![vec![plain("a"), plain("b")], vec![plain("c"), code]];
        assert_eq!(parsed("| a | b |\n|---|---|\n| c | `d\\|e` |\n"), [Block::Table(rows)]);
    }
}
