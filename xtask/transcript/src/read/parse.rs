//! Lines to syntax tree. Whatever is not understood is an error: nothing is ignored.

use super::Parsed;
use super::cursor::Cursor;
use super::expr::range;
use super::item::lane_item;
use super::rule::rule;
use super::syntax::{File, Item, ItemKind};
use crate::error::Source;
use crate::model::When;

/// `for` inside `for`: enough for a person, and too few to exhaust the stack.
const DEEPEST: usize = 8;

pub(crate) fn parse(source: Source<'_>) -> Parsed<File> {
    let lines = source.text.lines().enumerate().map(|(index, text)| Line {
        number: index + 1,
        text,
        indent: text.len() - text.trim_start_matches(' ').len(),
    });
    let says_something =
        |line: &Line<'_>| !line.content().trim().is_empty() && !line.content().starts_with('#');
    let lines = lines.filter(says_something).collect();
    let mut parser = Parser { source, lines, next: 0, command: Vec::new(), exits: None };
    parser.command()?;
    let items = parser.block(0, 0)?;
    Ok(File { command: parser.command, exits: parser.exits.unwrap_or(0), items })
}

struct Line<'a> {
    number: usize,
    text: &'a str,
    indent: usize,
}

impl<'a> Line<'a> {
    fn content(&self) -> &'a str {
        &self.text[self.indent..]
    }
}

struct Parser<'a> {
    source: Source<'a>,
    /// Those that say something.
    lines: Vec<Line<'a>>,
    next: usize,
    command: Vec<String>,
    exits: Option<i32>,
}

impl<'a> Parser<'a> {
    /// At the first character of a line's content.
    fn cursor(&self, line: &Line<'a>) -> Cursor<'a> {
        Cursor::new(self.source, line.number, line.text, line.indent)
    }

    fn command(&mut self) -> Parsed<()> {
        let Some(line) = self.lines.first().filter(|line| line.text.starts_with('$')) else {
            return Ok(());
        };
        let mut cursor = self.cursor(line);
        cursor.skip(1);
        cursor.blanks();
        if let Some(sign) = cursor.rest().find(['"', '\'', '\\', '|', '>', '<', '&', ';']) {
            cursor.skip(sign);
            return Err(cursor.error("this is no shell", "write plain words, parted by blanks"));
        }
        self.command = cursor.rest().split_whitespace().map(str::to_owned).collect();
        if self.command.is_empty() {
            return Err(cursor.error("no command behind `$`", "such as `$ lesson-fork who-am-i`"));
        }
        self.next = 1;
        Ok(())
    }

    /// All lines of one indentation, up to a shallower one.
    fn block(&mut self, indent: usize, depth: usize) -> Parsed<Vec<Item>> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.get(self.next).filter(|line| line.indent >= indent) {
            let mut cursor = self.cursor(line);
            if line.indent > indent {
                let help = format!("this block is indented by {indent}");
                return Err(cursor.error("unexpected indentation", help));
            }
            if line.content().starts_with('\t') {
                return Err(cursor.error("a tab", "indent with blanks"));
            }
            self.next += 1;
            if let Some(kind) = self.item(&mut cursor, indent, depth)? {
                items.push(Item { span: cursor.span_from(indent), kind });
            }
        }
        Ok(items)
    }

    fn item(
        &mut self,
        cursor: &mut Cursor<'a>,
        indent: usize,
        depth: usize,
    ) -> Parsed<Option<ItemKind>> {
        let line = cursor.rest();
        if line.starts_with('$') {
            return Err(cursor.error("a second command", "`$ command` is the first line, once"));
        }
        if line.trim_end() == "---" {
            cursor.skip(line.len());
            return Ok(Some(ItemKind::Barrier));
        }
        let start = *cursor;
        let timing = keyword(cursor, "timing");
        let words = ["for", "always", "finally", "exits"];
        let item = match words.into_iter().find(|word| keyword(cursor, word)) {
            Some("for") if !timing => self.repeat(cursor, indent, depth)?,
            Some("exits") if !timing => return self.exit_status(cursor, depth).map(|()| None),
            Some("always") => rule(cursor, timing, When::Always)?,
            Some("finally") => rule(cursor, timing, When::Finally)?,
            Some(_) => {
                let help = "it marks an event or a rule";
                return Err(start.error("`timing` does not go with this", help));
            }
            None => lane_item(cursor, timing)?,
        };
        Ok(Some(item))
    }

    fn exit_status(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Parsed<()> {
        if depth > 0 || self.exits.is_some() {
            let help = "write `exits` once, outside every loop";
            return Err(cursor.error("the exit status stands elsewhere", help));
        }
        let start = cursor.at();
        let status = cursor.digits()?.parse().ok().filter(|status| (0..=255).contains(status));
        if status.is_none() {
            return Err(cursor.error_from(start, "no exit status", "a whole number from 0 to 255"));
        }
        self.exits = status;
        cursor.end("nothing follows the exit status")
    }

    fn repeat(&mut self, cursor: &mut Cursor<'a>, indent: usize, depth: usize) -> Parsed<ItemKind> {
        const SHAPE: &str = "`for i in 1..3`, then an indented block";
        if depth == DEEPEST {
            return Err(
                cursor.error("too many loops", format!("at most {DEEPEST} inside one another"))
            );
        }
        let name = cursor.name()?;
        cursor.blanks();
        cursor.expect("in ", SHAPE)?;
        cursor.blanks();
        let (from, to) = range(cursor)?;
        cursor.end(SHAPE)?;
        let inner = self.lines.get(self.next).map_or(0, |line| line.indent);
        if inner <= indent {
            return Err(cursor.error("this loop has no block", SHAPE));
        }
        Ok(ItemKind::For { name, from, to, body: self.block(inner, depth + 1)? })
    }
}

/// Takes `word` if it begins the line as a keyword: `always "x"`, not `always | x`.
fn keyword(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let mut ahead = *cursor;
    let parted = ahead.eat(word) && ahead.next() == Some(' ');
    ahead.blanks();
    let lane = ["|", "?|", "*|", "->"].iter().any(|sign| ahead.rest().starts_with(sign));
    if parted && !lane {
        *cursor = ahead;
    }
    parted && !lane
}
