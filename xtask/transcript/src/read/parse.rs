//! From lines to a syntax tree. Everything that is not understood is an error: nothing is ignored.

use super::cursor::Cursor;
use super::expr::range;
use super::item::lane_item;
use super::rule::{rule, seen};
use super::syntax::{Expr, File, Item, ItemKind};
use crate::error::{Mistake, ParseError, Parsed, Source};
use crate::model::{OwnKind, When};
use crate::text::first_hidden;

/// How deep `for` may nest: enough for a person, and too little to exhaust the stack.
const DEEPEST: usize = 8;

pub(crate) fn parse(source: Source<'_>, kinds: &[OwnKind]) -> Result<File, ParseError> {
    let lines = source.text.lines().enumerate().map(|(index, text)| Line {
        number: index + 1,
        text,
        indent: text.len() - text.trim_start_matches(' ').len(),
    });
    let says_something =
        |line: &Line<'_>| !line.content().trim().is_empty() && !line.content().starts_with('#');
    let lines: Vec<Line<'_>> = lines.filter(says_something).collect();
    let mistakes = lines.iter().filter_map(|line| hidden(source, line)).collect();
    let mut reader =
        Reader { source, kinds, lines, next: 0, command: Vec::new(), exits: None, mistakes };
    let command = reader.command();
    reader.mistakes.extend(command.err());
    let items = reader.block(0, 0);
    match ParseError::of(reader.mistakes) {
        Some(error) => Err(error),
        None => Ok(File { command: reader.command, exits: reader.exits.unwrap_or(0), items }),
    }
}

/// A character that a reader would not see has no place in a transcript.
fn hidden(source: Source<'_>, line: &Line<'_>) -> Option<Mistake> {
    let (at, c) = first_hidden(line.text)?;
    let mut cursor = Cursor::new(source, line.number, line.text, at);
    cursor.skip(c.len_utf8());
    let message = format!("an invisible character: {}", c.escape_default());
    Some(cursor.error_from(at, message, "delete it; a hole takes what a program prints: `{:text}`"))
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

struct Reader<'a> {
    source: Source<'a>,
    kinds: &'a [OwnKind],
    /// The lines that are neither empty nor comments.
    lines: Vec<Line<'a>>,
    next: usize,
    command: Vec<String>,
    exits: Option<i32>,
    mistakes: Vec<Mistake>,
}

impl<'a> Reader<'a> {
    /// At the first character of a line's content.
    fn cursor(&self, line: &Line<'a>) -> Cursor<'a> {
        Cursor::new(self.source, line.number, line.text, line.indent)
    }

    fn command(&mut self) -> Parsed<()> {
        let Some(line) = self.lines.first().filter(|line| line.text.starts_with('$')) else {
            return Ok(());
        };
        let mut cursor = self.cursor(line);
        self.next = 1;
        cursor.skip(1);
        cursor.blanks();
        if let Some(sign) = cursor.rest().find(['"', '\'', '\\', '|', '>', '<', '&', ';']) {
            cursor.skip(sign);
            return Err(cursor.error(
                "a shell character in the command",
                "no shell reads it: write plain words, separated by blanks",
            ));
        }
        self.command = cursor.rest().split_whitespace().map(str::to_owned).collect();
        if self.command.is_empty() {
            return Err(cursor.error("no command after `$`", "such as `$ lesson-fork who-am-i`"));
        }
        Ok(())
    }

    /// All lines of one indentation, up to a shallower one. A line with a mistake is left out.
    fn block(&mut self, indent: usize, depth: usize) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.get(self.next).filter(|line| line.indent >= indent) {
            let mut cursor = self.cursor(line);
            let deeper = line.indent > indent;
            let tab = line.content().starts_with('\t');
            self.next += 1;
            if deeper {
                let help = format!("this block is indented by {indent}");
                self.mistakes.push(cursor.error("unexpected indentation", help));
                self.skip(indent);
            } else if tab {
                self.mistakes.push(cursor.error("a tab", "indent with blanks"));
            } else {
                match self.item(&mut cursor, indent, depth) {
                    Ok(Some(kind)) => items.push(Item { span: cursor.span_from(indent), kind }),
                    Ok(None) => {}
                    Err(mistake) => self.mistakes.push(mistake),
                }
            }
        }
        items
    }

    /// Skips the lines that are indented deeper.
    fn skip(&mut self, indent: usize) {
        let rest = &self.lines[self.next..];
        self.next += rest.iter().take_while(|line| line.indent > indent).count();
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
        let words = ["for", "always", "finally", "seen", "exits"];
        let item = match words.into_iter().find(|word| keyword(cursor, word)) {
            Some("for") if !timing => self.repeat(cursor, indent, depth)?,
            Some("exits") if !timing => return self.exit_status(cursor, depth).map(|()| None),
            Some("always") => rule(cursor, self.kinds, timing, When::Always)?,
            Some("finally") => rule(cursor, self.kinds, timing, When::Finally)?,
            Some("seen") if !timing => seen(cursor, self.kinds)?,
            Some(_) => {
                let help = "it marks an event, or an `always` or `finally` rule";
                return Err(start.error("`timing` cannot mark this line", help));
            }
            None => lane_item(cursor, self.kinds, timing)?,
        };
        Ok(Some(item))
    }

    fn exit_status(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Parsed<()> {
        if depth > 0 || self.exits.is_some() {
            let help = "write `exits` once, outside every loop";
            return Err(cursor.error("this exit status is not allowed here", help));
        }
        let start = cursor.at();
        let status = u8::try_from(cursor.whole()?).map_err(|_| {
            cursor.error_from(start, "no exit status", "a whole number from 0 to 255")
        })?;
        self.exits = Some(status.into());
        cursor.end("nothing follows the exit status")
    }

    fn repeat(&mut self, cursor: &mut Cursor<'a>, indent: usize, depth: usize) -> Parsed<ItemKind> {
        if depth == DEEPEST {
            self.skip(indent);
            let help = format!("loops may nest {DEEPEST} deep");
            return Err(cursor.error("too many loops inside each other", help));
        }
        let head = loop_head(cursor);
        let inner = self.lines.get(self.next).map_or(0, |line| line.indent);
        if inner <= indent {
            head?;
            return Err(cursor.error("this loop has no block", LOOP));
        }
        // A mistake in the head does not hide those in the block.
        let body = self.block(inner, depth + 1);
        let (name, from, to) = head?;
        Ok(ItemKind::For { name, from, to, body })
    }
}

const LOOP: &str = "`for i in 1..=3`, then an indented block";

/// After the word `for`.
fn loop_head(cursor: &mut Cursor<'_>) -> Parsed<(String, Expr, Expr)> {
    let name = cursor.name()?;
    cursor.blanks();
    cursor.expect("in ", LOOP)?;
    cursor.blanks();
    let (from, to) = range(cursor)?;
    cursor.end(LOOP)?;
    Ok((name, from, to))
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
