//! Syntax tree to model: writes loops out, gives each hole its variable, each event its place in the order.

use std::collections::{HashMap, HashSet};

use crate::cursor::Parsed;
use crate::error::{ParseError, Span};
use crate::model::{Event, Kind, Piece, SourcePart, Transcript, Variable};
use crate::order::{Arrow, Order};
use crate::rule::{Rule, RulePiece, Term};
use crate::syntax::{
    Expr, File, Hole, Item, ItemKind, Lanes, Part, RuleSyntax, Sign, Template, TermSyntax, Times,
    TypeSyntax,
};

/// Far beyond what a person would read, and small enough for the order's tables.
const MOST_EVENTS: usize = 2_000;

/// Turns of all loops together.
const MOST_TURNS: usize = 20_000;

/// Values of one range.
const MOST_VALUES: i64 = 10_000;

pub(crate) fn expand(name: &str, text: &str, file: &File) -> Parsed<Transcript> {
    let mut expander = Expander {
        name,
        text,
        scopes: vec![HashMap::new()],
        ..Expander::default()
    };
    expander.items(&file.items)?;
    expander.resolve_arrows()?;
    let lane_of = expander.events.iter().map(|event| event.lane).collect();
    let order = Order::new(expander.lanes.len(), lane_of, &expander.arrows);
    expander.speaking_arrows(&order)?;
    let transcript = Transcript {
        name: name.to_owned(),
        text: text.to_owned(),
        command: file.command.clone(),
        exits: file.exits,
        lanes: expander.lanes,
        events: expander.events,
        variables: expander.variables,
        rules: expander.rules,
        arrows: expander.arrows,
        order,
    };
    if let Some(event) = transcript.endless() {
        let span = Span {
            line: transcript.events[event].line,
            start: 0,
            end: usize::MAX,
        };
        let help =
            "its lane's next event could print the same line: where does the repetition end?";
        return Err(ParseError::new(
            name,
            text,
            span,
            "no one can tell where these lines end",
            help,
        ));
    }
    Ok(transcript)
}

/// The lanes on one side of an arrow, by name; none is everybody.
type Side = Option<Vec<(String, Span)>>;

#[derive(Clone, Copy)]
enum Slot {
    Constant(i64),
    Variable(usize),
}

#[derive(Default)]
struct Expander<'a> {
    name: &'a str,
    text: &'a str,
    lanes: Vec<String>,
    events: Vec<Event>,
    variables: Vec<Variable>,
    rules: Vec<Rule>,
    arrows: Vec<Arrow>,
    /// The lanes of each arrow by name, until all lanes are known; none is everybody.
    sides: Vec<[Side; 2]>,
    scopes: Vec<HashMap<String, Slot>>,
    turns: usize,
}

impl Expander<'_> {
    fn error(&self, span: Span, message: impl Into<String>, help: impl Into<String>) -> ParseError {
        ParseError::new(self.name, self.text, span, message, help)
    }

    fn items(&mut self, items: &[Item]) -> Parsed<()> {
        items.iter().try_for_each(|item| self.item(item))
    }

    fn item(&mut self, item: &Item) -> Parsed<()> {
        match &item.kind {
            ItemKind::Event {
                timing,
                lane,
                times,
                text,
            } => self.event(item.span, *timing, lane, *times, text),
            ItemKind::Arrow { left, right } => {
                let sides = [self.side(left)?, self.side(right)?];
                let [from, to] = sides.each_ref().map(|side| match side {
                    None => "*".to_owned(),
                    Some(lanes) => lanes
                        .iter()
                        .map(|lane| lane.0.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                });
                self.arrow(item.span, format!("{from} -> {to}"), sides);
                Ok(())
            }
            ItemKind::Barrier => {
                self.arrow(item.span, "---".to_owned(), [None, None]);
                Ok(())
            }
            ItemKind::For {
                name,
                from,
                to,
                body,
            } => self.repeat(item.span, name, from, to, body),
            ItemKind::Rule { timing, rule } => self.rule(item.span, *timing, rule),
        }
    }

    fn event(
        &mut self,
        span: Span,
        timing: bool,
        lane: &Template,
        times: Times,
        text: &Template,
    ) -> Parsed<()> {
        if self.events.len() == MOST_EVENTS {
            return Err(self.error(
                span,
                "too many events",
                format!("at most {MOST_EVENTS}, loops written out"),
            ));
        }
        let lane = self.constant_text(lane)?;
        let lane = self
            .lanes
            .iter()
            .position(|known| *known == lane)
            .unwrap_or_else(|| {
                self.lanes.push(lane);
                self.lanes.len() - 1
            });
        // What a repeated line binds holds for that line alone.
        self.scopes.push(HashMap::new());
        let source = self.source(text, times == Times::Many)?;
        let inner = self.scopes.pop().expect("pushed above");
        if times != Times::Many {
            self.scopes
                .last_mut()
                .expect("the file's own scope")
                .extend(inner);
        }
        let mut pattern = Vec::new();
        for part in &source {
            let piece = match part {
                SourcePart::Text(literal) => Piece::Text(literal.clone()),
                SourcePart::Hole { filled, .. } => filled.clone(),
            };
            match (pattern.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(more)) => before.push_str(&more),
                (Some(Piece::Hole(_)), Piece::Hole(_)) => {
                    return Err(self.error(
                        span,
                        "two holes touch",
                        "put text between them: where would one end?",
                    ));
                }
                (_, piece) => pattern.push(piece),
            }
        }
        let text = pattern.iter().map(|piece| match piece {
            Piece::Text(literal) => literal.clone(),
            Piece::Hole(variable) => format!("{{{}}}", self.variables[*variable].name),
        });
        let text = text.collect();
        self.events.push(Event {
            lane,
            line: span.line,
            text,
            times,
            timing,
            pattern,
            source,
        });
        Ok(())
    }

    fn source(&mut self, text: &Template, fresh: bool) -> Parsed<Vec<SourcePart>> {
        let parts = text.0.iter().map(|part| match part {
            Part::Text(literal) => Ok(SourcePart::Text(literal.clone())),
            Part::Hole(hole, span) => {
                let line = self.text.lines().nth(span.line - 1).unwrap_or_default();
                let written = line[span.start..span.end].to_owned();
                Ok(SourcePart::Hole {
                    written,
                    filled: self.hole(hole, *span, fresh)?,
                })
            }
        });
        parts.collect()
    }

    fn hole(&mut self, hole: &Hole, span: Span, fresh: bool) -> Parsed<Piece> {
        match hole {
            Hole::Bind { name, kind, bound } => {
                if self.slot(name).is_some() {
                    let help =
                        format!("write `{{{name}}}` for the same value, or choose another name");
                    return Err(self.error(span, format!("`{name}` is bound already"), help));
                }
                let kind = self.kind(kind, span)?;
                if bound.is_some() && !matches!(kind, Kind::Int | Kind::Secs) {
                    return Err(self.error(
                        span,
                        "a bound on what is no measure",
                        "only int and secs have one",
                    ));
                }
                let variable = self.variables.len();
                self.variables.push(Variable {
                    name: name.clone(),
                    kind,
                    bound: *bound,
                    fresh,
                });
                let scope = self.scopes.last_mut().expect("an event's scope");
                scope.insert(name.clone(), Slot::Variable(variable));
                Ok(Piece::Hole(variable))
            }
            Hole::Expr(Expr::Name(name, at)) => match self.slot(name) {
                Some(Slot::Variable(variable)) => Ok(Piece::Hole(variable)),
                Some(Slot::Constant(value)) => Ok(Piece::Text(value.to_string())),
                None => Err(self.unbound(name, *at)),
            },
            Hole::Expr(expr) => Ok(Piece::Text(self.value(expr)?.to_string())),
        }
    }

    fn kind(&self, kind: &TypeSyntax, span: Span) -> Parsed<Kind> {
        Ok(match kind {
            TypeSyntax::Pid => Kind::Pid,
            TypeSyntax::Tid => Kind::Tid,
            TypeSyntax::Int => Kind::Int,
            TypeSyntax::Secs => Kind::Secs,
            TypeSyntax::Word => Kind::Word,
            TypeSyntax::Range(from, to) => {
                let (from, to) = self.range(from, to, span)?;
                if to - from >= MOST_VALUES {
                    return Err(self.error(
                        span,
                        "a range too wide",
                        format!("at most {MOST_VALUES} values; or write int"),
                    ));
                }
                Kind::Range(from, to)
            }
        })
    }

    fn slot(&self, name: &str) -> Option<Slot> {
        self.scopes
            .iter()
            .rev()
            .find_map(|scope| scope.get(name).copied())
    }

    fn unbound(&self, name: &str, span: Span) -> ParseError {
        let help = match self.variables.iter().any(|variable| variable.name == name) {
            true => {
                "a name bound inside a loop holds for that turn, one bound by `*|` for that line"
                    .to_owned()
            }
            false => format!("bind it above or here, with a type: `{{{name}:pid}}`"),
        };
        self.error(span, format!("nothing binds `{name}`"), help)
    }

    fn value(&self, expr: &Expr) -> Parsed<i64> {
        match expr {
            Expr::Number(number) => Ok(*number),
            Expr::Name(name, span) => match self.slot(name) {
                Some(Slot::Constant(value)) => Ok(value),
                Some(Slot::Variable(_)) => {
                    let help = "arithmetic is for the constants of `for` loops; compare measured values in a `finally` rule";
                    Err(self.error(
                        *span,
                        format!("the value of `{name}` is not known before the run"),
                        help,
                    ))
                }
                None => Err(self.unbound(name, *span)),
            },
            Expr::Operation(left, sign, right, span) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let result = match sign {
                    '+' => left.checked_add(right),
                    '-' => left.checked_sub(right),
                    '*' => left.checked_mul(right),
                    '/' => left.checked_div_euclid(right),
                    _ => left.checked_rem_euclid(right),
                };
                result.ok_or_else(|| {
                    self.error(
                        *span,
                        "no such number",
                        "it is too large, or divided by zero",
                    )
                })
            }
        }
    }

    fn range(&self, from: &Expr, to: &Expr, span: Span) -> Parsed<(i64, i64)> {
        let (from, to) = (self.value(from)?, self.value(to)?);
        match from.checked_add(1).is_some() && from <= to && to.checked_sub(from).is_some() {
            true => Ok((from, to)),
            false => Err(self.error(
                span,
                format!("the range {from}..{to} is empty"),
                "both ends are included: 1..3 is 1, 2, 3",
            )),
        }
    }

    fn repeat(
        &mut self,
        span: Span,
        name: &str,
        from: &Expr,
        to: &Expr,
        body: &[Item],
    ) -> Parsed<()> {
        if self.slot(name).is_some() {
            return Err(self.error(
                span,
                format!("`{name}` is bound already"),
                "choose another name for the loop",
            ));
        }
        let (from, to) = self.range(from, to, span)?;
        for turn in from..=to {
            self.turns += 1;
            if self.turns > MOST_TURNS {
                return Err(self.error(
                    span,
                    "too many turns",
                    format!("at most {MOST_TURNS}, all loops together"),
                ));
            }
            self.scopes
                .push(HashMap::from([(name.to_owned(), Slot::Constant(turn))]));
            self.items(body)?;
            self.scopes.pop();
        }
        Ok(())
    }

    /// A lane's name: only loop constants may fill its holes.
    fn constant_text(&self, template: &Template) -> Parsed<String> {
        template
            .0
            .iter()
            .try_fold(String::new(), |text, part| match part {
                Part::Text(literal) => Ok(text + literal),
                Part::Hole(Hole::Expr(expr), _) => Ok(text + &self.value(expr)?.to_string()),
                Part::Hole(Hole::Bind { .. }, span) => Err(self.error(
                    *span,
                    "a lane cannot bind a value",
                    "which lanes there are is known before the run",
                )),
            })
    }

    fn side(&self, lanes: &Lanes) -> Parsed<Side> {
        match lanes {
            Lanes::All => Ok(None),
            Lanes::Named(lanes) => {
                let named = lanes
                    .iter()
                    .map(|(lane, span)| Ok((self.constant_text(lane)?, *span)));
                named.collect::<Parsed<_>>().map(Some)
            }
        }
    }

    fn arrow(&mut self, span: Span, text: String, sides: [Side; 2]) {
        let (left, right) = (Vec::new(), Vec::new());
        self.arrows.push(Arrow {
            line: span.line,
            text,
            above: self.events.len(),
            left,
            right,
        });
        self.sides.push(sides);
    }

    /// Names to lanes, now that all lanes are known.
    fn resolve_arrows(&mut self) -> Parsed<()> {
        for index in 0..self.arrows.len() {
            let mut resolved = [Vec::new(), Vec::new()];
            for (lanes, side) in resolved.iter_mut().zip(&self.sides[index]) {
                let Some(named) = side else {
                    lanes.extend(0..self.lanes.len());
                    continue;
                };
                for (name, span) in named {
                    let Some(lane) = self.lanes.iter().position(|lane| lane == name) else {
                        let help = format!("the lanes are {}", self.lanes.join(", "));
                        return Err(self.error(
                            *span,
                            format!("no event is in lane `{name}`"),
                            help,
                        ));
                    };
                    lanes.push(lane);
                }
            }
            [self.arrows[index].left, self.arrows[index].right] = resolved;
        }
        Ok(())
    }

    /// An arrow that orders nothing in any turn of its loops is a mistake.
    fn speaking_arrows(&self, order: &Order) -> Parsed<()> {
        let mut silent: Vec<(Span, String)> = Vec::new();
        let mut speaking = HashSet::new();
        for (arrow, sides) in self.arrows.iter().zip(&self.sides) {
            let (before, after) = order.ends(arrow);
            let whole = Span {
                line: arrow.line,
                start: 0,
                end: usize::MAX,
            };
            let whole = (whole, "nothing stands on one side of it".to_owned());
            note(
                whole,
                !before.is_empty() && !after.is_empty(),
                &mut speaking,
                &mut silent,
            );
            for (side, events, place) in [(&sides[0], before, "above"), (&sides[1], after, "below")]
            {
                for (name, span) in side.iter().flatten() {
                    let has = events
                        .iter()
                        .any(|&event| self.lanes[self.events[event].lane] == *name);
                    let words = format!("lane `{name}` prints nothing {place}");
                    note((*span, words), has, &mut speaking, &mut silent);
                }
            }
        }
        match silent
            .into_iter()
            .find(|(span, _)| !speaking.contains(&(span.line, span.start)))
        {
            Some((span, words)) => Err(self.error(
                span,
                format!("this arrow says nothing: {words}"),
                "move it or delete it",
            )),
            None => Ok(()),
        }
    }

    fn rule(&mut self, span: Span, timing: bool, rule: &RuleSyntax) -> Parsed<()> {
        let mut names: Vec<(String, Kind)> = Vec::new();
        let left = self.sum(&rule.left, &mut names)?;
        let right = self.sum(&rule.right, &mut names)?;
        let (when, comparison, source) = (rule.when, rule.comparison, rule.source.clone());
        self.rules.push(Rule {
            line: span.line,
            timing,
            when,
            left,
            comparison,
            right,
            names,
            source,
        });
        Ok(())
    }

    fn sum(
        &self,
        sum: &[(Sign, TermSyntax)],
        names: &mut Vec<(String, Kind)>,
    ) -> Parsed<Vec<(Sign, Term)>> {
        sum.iter()
            .map(|(sign, term)| Ok((*sign, self.term(term, names)?)))
            .collect()
    }

    fn term(&self, term: &TermSyntax, names: &mut Vec<(String, Kind)>) -> Parsed<Term> {
        match term {
            TermSyntax::Number(number) => Ok(Term::Number(*number)),
            TermSyntax::Variable(name, span) => match self.slot(name) {
                Some(Slot::Variable(variable)) if self.variables[variable].kind != Kind::Word => {
                    Ok(Term::Variable(variable))
                }
                Some(Slot::Variable(_)) => Err(self.error(
                    *span,
                    format!("`{name}` is a word"),
                    "a rule compares numbers",
                )),
                Some(Slot::Constant(value)) => Ok(Term::Number(value as f64)),
                None => Err(self.unbound(name, *span)),
            },
            TermSyntax::Text(template) => {
                let mut pieces: Vec<RulePiece> = Vec::new();
                for part in &template.0 {
                    let piece = match part {
                        Part::Text(literal) => RulePiece::Text(literal.clone()),
                        Part::Hole(hole, span) => self.rule_hole(hole, *span, names)?,
                    };
                    match (pieces.last_mut(), piece) {
                        (Some(RulePiece::Text(before)), RulePiece::Text(more)) => {
                            before.push_str(&more);
                        }
                        (_, piece) => pieces.push(piece),
                    }
                }
                Ok(Term::Lines(pieces))
            }
        }
    }

    /// `{w}` in a rule's text goes through all values of `w`, whichever loop binds it.
    fn rule_hole(
        &self,
        hole: &Hole,
        span: Span,
        names: &mut Vec<(String, Kind)>,
    ) -> Parsed<RulePiece> {
        let name = match hole {
            Hole::Bind { .. } => {
                return Err(self.error(
                    span,
                    "a rule binds nothing",
                    "name a variable that an event binds",
                ));
            }
            Hole::Expr(Expr::Name(name, _)) => name,
            Hole::Expr(expr) => return Ok(RulePiece::Text(self.value(expr)?.to_string())),
        };
        if let Some(Slot::Constant(value)) = self.slot(name) {
            return Ok(RulePiece::Text(value.to_string()));
        }
        let mut kinds = self
            .variables
            .iter()
            .filter(|variable| variable.name == *name)
            .map(|variable| variable.kind);
        let Some(kind) = kinds.next() else {
            return Err(self.unbound(name, span));
        };
        if kinds.any(|other| other != kind) {
            return Err(self.error(
                span,
                format!("`{name}` has several types"),
                "give each type a name of its own",
            ));
        }
        let index = names
            .iter()
            .position(|known| known.0 == *name)
            .unwrap_or_else(|| {
                names.push((name.clone(), kind));
                names.len() - 1
            });
        Ok(RulePiece::Hole(index))
    }
}

fn note(
    entry: (Span, String),
    says: bool,
    speaking: &mut HashSet<(usize, usize)>,
    silent: &mut Vec<(Span, String)>,
) {
    if says {
        speaking.insert((entry.0.line, entry.0.start));
    } else {
        silent.push(entry);
    }
}
