//! Text to syntax tree. Whatever is not understood is an error: nothing is ignored.

use crate::cursor::{Cursor, Parsed};
use crate::syntax::{
    File, Item, ItemKind, Lanes, Part, RuleSyntax, Sign, Template, TermSyntax, Times, When,
};

/// Words that begin a line of their own kind, and so cannot name a lane.
const KEYWORDS: [&str; 5] = ["for", "always", "finally", "exits", "timing"];

/// `for` inside `for`: enough for a person, and too few to exhaust the stack.
const DEEPEST: usize = 8;

const KINDS: &str = "expected `lane | text`, `lane -> lane`, `---`, `for`, `always`, `finally`, `exits` or `# comment`";

pub(crate) fn parse(file: &str, text: &str) -> Parsed<File> {
    let lines: Vec<Line<'_>> = text
        .lines()
        .enumerate()
        .map(|(index, text)| Line {
            number: index + 1,
            text,
            indent: text.len() - text.trim_start_matches(' ').len(),
        })
        .filter(|line| !line.content().trim().is_empty() && !line.content().starts_with('#'))
        .collect();
    let mut parser = Parser {
        file,
        text,
        lines,
        next: 0,
        tree: File::default(),
        exits: false,
    };
    parser.command()?;
    parser.tree.items = parser.block(0, 0)?;
    Ok(parser.tree)
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
    file: &'a str,
    text: &'a str,
    /// Lines that say something.
    lines: Vec<Line<'a>>,
    next: usize,
    tree: File,
    /// Whether `exits` was seen.
    exits: bool,
}

impl<'a> Parser<'a> {
    /// At the first character of a line's content.
    fn cursor(&self, index: usize) -> Cursor<'a> {
        let line = &self.lines[index];
        let mut cursor = Cursor::new(self.file, self.text, line.number, line.text);
        cursor.skip(line.indent);
        cursor
    }

    fn command(&mut self) -> Parsed<()> {
        if !self
            .lines
            .first()
            .is_some_and(|line| line.text.starts_with('$'))
        {
            return Ok(());
        }
        let mut cursor = self.cursor(0);
        cursor.skip(1);
        cursor.blanks();
        if let Some(quote) = cursor
            .rest()
            .find(['"', '\'', '\\', '|', '>', '<', '&', ';'])
        {
            cursor.skip(quote);
            return Err(cursor.error("this is no shell", "write plain words, parted by blanks"));
        }
        self.tree.command = cursor
            .rest()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if self.tree.command.is_empty() {
            return Err(cursor.error("no command behind `$`", "such as `$ lesson-fork who-am-i`"));
        }
        self.next = 1;
        Ok(())
    }

    /// All lines of one indentation, up to a shallower one.
    fn block(&mut self, indent: usize, depth: usize) -> Parsed<Vec<Item>> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.get(self.next) {
            if line.indent < indent {
                break;
            }
            let mut cursor = self.cursor(self.next);
            if line.indent > indent {
                return Err(cursor.error(
                    "unexpected indentation",
                    format!("this block is indented by {indent}"),
                ));
            }
            if line.content().starts_with('\t') {
                return Err(cursor.error("a tab", "indent with blanks"));
            }
            self.next += 1;
            if let Some(kind) = self.item(&mut cursor, indent, depth)? {
                items.push(Item {
                    span: cursor.span_from(indent),
                    kind,
                });
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
        let word = ["for", "always", "finally", "exits"]
            .into_iter()
            .find(|word| keyword(cursor, word));
        let item = match word {
            Some("for") if !timing => self.repeat(cursor, indent, depth)?,
            Some("exits") if !timing => return self.exit_status(cursor, depth).map(|()| None),
            Some("always") => rule(cursor, timing, When::Always)?,
            Some("finally") => rule(cursor, timing, When::Finally)?,
            Some(_) => {
                return Err(start.error(
                    "`timing` does not go with this",
                    "it marks an event or a rule",
                ));
            }
            None => lane_item(cursor, timing)?,
        };
        Ok(Some(item))
    }

    fn exit_status(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Parsed<()> {
        if depth > 0 || self.exits {
            return Err(cursor.error(
                "the exit status stands elsewhere",
                "write `exits` once, outside every loop",
            ));
        }
        let status = cursor.decimal()?;
        if status.fract() != 0.0 || status > 255.0 {
            return Err(cursor.error("no exit status", "a whole number from 0 to 255"));
        }
        self.exits = true;
        // In range, as checked above.
        self.tree.exits = status as i32;
        cursor.end("nothing follows the exit status")
    }

    fn repeat(&mut self, cursor: &mut Cursor<'a>, indent: usize, depth: usize) -> Parsed<ItemKind> {
        const SHAPE: &str = "`for i in 1..3`, then an indented block";
        if depth == DEEPEST {
            return Err(cursor.error(
                "too many loops",
                format!("at most {DEEPEST} inside one another"),
            ));
        }
        let name = cursor.name()?;
        cursor.blanks();
        cursor.expect("in ", SHAPE)?;
        cursor.blanks();
        let (from, to) = cursor.range()?;
        cursor.end(SHAPE)?;
        let inner = self.lines.get(self.next).map_or(0, |line| line.indent);
        if inner <= indent {
            return Err(cursor.error("this loop has no block", SHAPE));
        }
        Ok(ItemKind::For {
            name,
            from,
            to,
            body: self.block(inner, depth + 1)?,
        })
    }
}

/// Takes `word` if it begins the line as a keyword: `always "x"`, not `always | x`.
fn keyword(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let mut ahead = *cursor;
    if !ahead.eat(word) || !ahead.rest().starts_with(' ') {
        return false;
    }
    ahead.blanks();
    if ["|", "?|", "*|", "->"]
        .iter()
        .any(|sign| ahead.rest().starts_with(sign))
    {
        return false;
    }
    *cursor = ahead;
    true
}

/// `lane | text` or `lanes -> lanes`.
fn lane_item(cursor: &mut Cursor<'_>, timing: bool) -> Parsed<ItemKind> {
    let line = cursor.rest();
    let bar = line.find('|').unwrap_or(line.len());
    let arrow = line.find("->").unwrap_or(line.len());
    if bar == line.len() && arrow == line.len() {
        return Err(cursor.error("this line says nothing known", KINDS));
    }
    if bar < arrow {
        event(cursor, timing, cursor.at() + bar)
    } else {
        arrow_item(cursor, timing, cursor.at() + arrow)
    }
}

fn event(cursor: &mut Cursor<'_>, timing: bool, bar: usize) -> Parsed<ItemKind> {
    let mut head = cursor.until(bar);
    let lane = lane(&mut head)?;
    head.blanks();
    let times = if head.eat("?") {
        Times::Optional
    } else if head.eat("*") {
        Times::Many
    } else {
        Times::Once
    };
    head.end("a lane is one name: `lane | text`, `lane ?| text` or `lane *| text`")?;
    cursor.skip(bar + 1 - cursor.at());
    // One blank parts the bar from the text; more belong to the text.
    cursor.eat(" ");
    let text = cursor.template(None)?;
    Ok(ItemKind::Event {
        timing,
        lane,
        times,
        text,
    })
}

fn arrow_item(cursor: &mut Cursor<'_>, timing: bool, arrow: usize) -> Parsed<ItemKind> {
    if timing {
        return Err(cursor.error(
            "`timing` does not go with an arrow",
            "it marks an event or a rule",
        ));
    }
    let mut head = cursor.until(arrow);
    let left = lanes(&mut head)?;
    cursor.skip(arrow + 2 - cursor.at());
    let right = lanes(cursor)?;
    Ok(ItemKind::Arrow { left, right })
}

/// `a, b` or `*`, up to the end.
fn lanes(cursor: &mut Cursor<'_>) -> Parsed<Lanes> {
    const SHAPE: &str = "lanes are names parted by commas, or `*` for everybody";
    cursor.blanks();
    if cursor.eat("*") {
        cursor.end(SHAPE)?;
        return Ok(Lanes::All);
    }
    let mut named = Vec::new();
    loop {
        cursor.blanks();
        let start = cursor.at();
        named.push((lane(cursor)?, cursor.span_from(start)));
        cursor.blanks();
        if !cursor.eat(",") {
            cursor.end(SHAPE)?;
            return Ok(Lanes::Named(named));
        }
    }
}

/// A lane's name: letters, digits, `_` and `-`, and holes with loop constants.
fn lane(cursor: &mut Cursor<'_>) -> Parsed<Template> {
    let rest = cursor.rest();
    let start = cursor.at();
    let mut depth = 0usize;
    let mut previous = ' ';
    let end = rest.char_indices().find_map(|(index, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let inside = depth > 0 || c == '}' || c.is_alphanumeric() || c == '_';
        let dash = c == '-' && previous != ' ' && !rest[index..].starts_with("->");
        previous = c;
        (!inside && !dash).then_some(index)
    });
    let end = start + end.unwrap_or(rest.len());
    let mut inner = cursor.until(end);
    let name = inner.template(None)?;
    cursor.skip(end - start);
    if name.0.is_empty() {
        return Err(cursor.error("expected a lane", "a name such as `main` or `worker{i}`"));
    }
    if let [Part::Text(word)] = name.0.as_slice()
        && KEYWORDS.contains(&word.as_str())
    {
        let help = format!("`{word}` has a meaning of its own; give the lane another name");
        return Err(cursor.error_at(cursor.span_from(start), "a keyword cannot be a lane", help));
    }
    Ok(name)
}

fn rule(cursor: &mut Cursor<'_>, timing: bool, when: When) -> Parsed<ItemKind> {
    let source = cursor.rest().trim_end().to_owned();
    let left = sum(cursor, when)?;
    cursor.blanks();
    let comparison = cursor.comparison()?;
    let right = sum(cursor, when)?;
    cursor.end("a rule is `always` or `finally`, a sum, one of <=, =, >=, <, and a sum")?;
    Ok(ItemKind::Rule {
        timing,
        rule: RuleSyntax {
            when,
            left,
            comparison,
            right,
            source,
        },
    })
}

fn sum(cursor: &mut Cursor<'_>, when: When) -> Parsed<Vec<(Sign, TermSyntax)>> {
    let mut terms = vec![(1, term(cursor, when)?)];
    loop {
        cursor.blanks();
        let sign = match cursor.rest().chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Ok(terms),
        };
        cursor.skip(1);
        terms.push((sign, term(cursor, when)?));
    }
}

fn term(cursor: &mut Cursor<'_>, when: When) -> Parsed<TermSyntax> {
    const SHAPE: &str = "a term is \"text\", a number or, in `finally`, a bound {variable}";
    cursor.blanks();
    let start = cursor.at();
    if cursor.eat("\"") {
        let text = cursor.template(Some('"'))?;
        cursor.expect("\"", "close the text with `\"`")?;
        if text.0.is_empty() {
            let span = cursor.span_from(start);
            return Err(cursor.error_at(
                span,
                "an empty text",
                "every line contains it; name what to count",
            ));
        }
        return Ok(TermSyntax::Text(text));
    }
    if cursor.eat("{") {
        let name = cursor.name()?;
        cursor.expect("}", SHAPE)?;
        let span = cursor.span_from(start);
        if when == When::Always {
            let help = "its value is known at the end: write `finally`";
            return Err(cursor.error_at(span, "a variable in `always`", help));
        }
        return Ok(TermSyntax::Variable(name, span));
    }
    if cursor.rest().starts_with(|c: char| c.is_ascii_digit()) {
        return cursor.decimal().map(TermSyntax::Number);
    }
    Err(cursor.error("expected a term", SHAPE))
}
