//! Syntax tree to transcript: writes loops out, gives each hole its variable, each event its place in the order.

use super::arrows::{Draft, refuse_silent};
use super::scope::{Scopes, Slot};
use super::syntax::{Expr, File, Hole, Item, ItemKind, Part, Template};
use super::{Parsed, terms};
use crate::error::{Source, Span};
use crate::model::{Event, Kind, Order, Piece, Rule, SourcePart, Times, Transcript, Variable};

/// Far beyond what a person would read, and small enough for the order's tables.
const MOST_EVENTS: usize = 2_000;

/// Turns of all loops together.
const MOST_TURNS: usize = 20_000;

pub(crate) fn expand(source: Source<'_>, file: &File) -> Parsed<Transcript> {
    let mut expander = Expander {
        scopes: Scopes::new(source),
        lanes: Vec::new(),
        events: Vec::new(),
        arrows: Vec::new(),
        rules: Vec::new(),
        turns: 0,
    };
    expander.items(&file.items)?;
    let Expander { scopes, lanes, events, arrows: drafts, rules, .. } = expander;
    let arrows: Vec<_> =
        drafts.iter().map(|draft| draft.resolve(source, &lanes)).collect::<Parsed<_>>()?;
    let order = Order::new(lanes.len(), events.iter().map(|event| event.lane).collect(), &arrows);
    refuse_silent(source, &drafts, &arrows, &order)?;
    let transcript = Transcript {
        name: source.file.to_owned(),
        text: source.text.to_owned(),
        command: file.command.clone(),
        exits: file.exits,
        variables: scopes.variables,
        lanes,
        events,
        rules,
        arrows,
        order,
    };
    refuse_endless(source, &transcript)?;
    Ok(transcript)
}

fn refuse_endless(source: Source<'_>, transcript: &Transcript) -> Parsed<()> {
    let Some(event) = transcript.endless() else {
        return Ok(());
    };
    let span = Span::whole_line(transcript.events[event].line);
    let help = "its lane's next event could print the same line: where does the repetition end?";
    Err(source.error(span, "no one can tell where these lines end", help))
}

struct Expander<'a> {
    scopes: Scopes<'a>,
    lanes: Vec<String>,
    events: Vec<Event>,
    arrows: Vec<Draft>,
    rules: Vec<Rule>,
    turns: usize,
}

impl Expander<'_> {
    fn items(&mut self, items: &[Item]) -> Parsed<()> {
        items.iter().try_for_each(|item| self.item(item))
    }

    fn item(&mut self, item: &Item) -> Parsed<()> {
        let above = self.events.len();
        match &item.kind {
            ItemKind::Event { timing, lane, times, text } => {
                let event = self.event(item.span, lane, *times, text)?;
                self.events.push(Event { timing: *timing, ..event });
            }
            ItemKind::Arrow { left, right } => {
                self.arrows.push(Draft::arrow(&self.scopes, item.span, above, left, right)?);
            }
            ItemKind::Barrier => self.arrows.push(Draft::barrier(item.span, above)),
            ItemKind::For { name, from, to, body } => {
                self.repeat(item.span, name, (from, to), body)?;
            }
            ItemKind::Rule { timing, rule } => {
                let rule = terms::rule(&self.scopes, item.span, rule)?;
                self.rules.push(Rule { timing: *timing, ..rule });
            }
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        span: Span,
        name: &str,
        (from, to): (&Expr, &Expr),
        body: &[Item],
    ) -> Parsed<()> {
        let source = self.scopes.source;
        if self.scopes.get(name).is_some() {
            let help = "choose another name for the loop";
            return Err(source.error(span, format!("`{name}` is bound already"), help));
        }
        let (from, to) = self.scopes.range(from, to, span)?;
        for turn in from..=to {
            self.turns += 1;
            if self.turns > MOST_TURNS {
                let help = format!("at most {MOST_TURNS}, all loops together");
                return Err(source.error(span, "too many turns", help));
            }
            self.scopes.open();
            self.scopes.set(name, Slot::Constant(turn));
            self.items(body)?;
            self.scopes.close();
        }
        Ok(())
    }

    fn event(
        &mut self,
        span: Span,
        lane: &Template,
        times: Times,
        text: &Template,
    ) -> Parsed<Event> {
        if self.events.len() == MOST_EVENTS {
            let help = format!("at most {MOST_EVENTS}, loops written out");
            return Err(self.scopes.source.error(span, "too many events", help));
        }
        let lane = self.scopes.constant_text(lane)?;
        let lane = self.lanes.iter().position(|known| *known == lane).unwrap_or_else(|| {
            self.lanes.push(lane);
            self.lanes.len() - 1
        });
        // What a repeated line binds holds for that line alone.
        let source = match times {
            Times::Many => self.scopes.inside(|scopes| parts(scopes, text, true))?,
            _ => parts(&mut self.scopes, text, false)?,
        };
        let Some(pattern) = pattern(&source) else {
            let help = "put text between them: where would one end?";
            return Err(self.scopes.source.error(span, "two holes touch", help));
        };
        let piece = |piece: &Piece| match piece {
            Piece::Text(literal) => literal.clone(),
            Piece::Hole(variable) => format!("{{{}}}", self.scopes.variables[*variable].name),
        };
        let text = pattern.iter().map(piece).collect();
        Ok(Event { lane, line: span.line, text, times, timing: false, pattern, source })
    }
}

/// The parts of an event's text, with what fills the holes; `fresh` variables hold for one line each.
fn parts(scopes: &mut Scopes<'_>, text: &Template, fresh: bool) -> Parsed<Vec<SourcePart>> {
    let parts = text.0.iter().map(|part| match part {
        Part::Text(literal) => Ok(SourcePart::Text(literal.clone())),
        Part::Hole(hole, span) => {
            let written = scopes.source.line(span.line)[span.start..span.end].to_owned();
            Ok(SourcePart::Hole { written, filled: fill(scopes, hole, *span, fresh)? })
        }
    });
    parts.collect()
}

fn fill(scopes: &mut Scopes<'_>, hole: &Hole, span: Span, fresh: bool) -> Parsed<Piece> {
    match hole {
        Hole::Bind { name, kind, bound } => {
            if scopes.get(name).is_some() {
                let help = format!("write `{{{name}}}` for the same value, or choose another name");
                return Err(scopes.source.error(span, format!("`{name}` is bound already"), help));
            }
            let kind = scopes.kind(kind, span)?;
            if bound.is_some() && !matches!(kind, Kind::Int | Kind::Secs) {
                let help = "only int and secs have one";
                return Err(scopes.source.error(span, "a bound on what is no measure", help));
            }
            if fresh && kind.distinct() {
                let help =
                    "each line may bind another one, and no two processes share one: write int";
                return Err(scopes.source.error(span, "a pid in a repeated line", help));
            }
            Ok(Piece::Hole(scopes.bind(Variable {
                name: name.clone(),
                kind,
                bound: *bound,
                fresh,
            })))
        }
        Hole::Expr(Expr::Name(name, at)) => match scopes.get(name) {
            Some(Slot::Variable(variable)) => Ok(Piece::Hole(variable)),
            Some(Slot::Constant(value)) => Ok(Piece::Text(value.to_string())),
            None => Err(scopes.unbound(name, *at)),
        },
        Hole::Expr(expr) => Ok(Piece::Text(scopes.value(expr)?.to_string())),
    }
}

/// Texts that follow one another become one; none if two variables follow one another.
fn pattern(source: &[SourcePart]) -> Option<Vec<Piece>> {
    let mut pattern: Vec<Piece> = Vec::new();
    for part in source {
        let piece = match part {
            SourcePart::Text(literal) => Piece::Text(literal.clone()),
            SourcePart::Hole { filled, .. } => filled.clone(),
        };
        match (pattern.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(more)) => before.push_str(&more),
            (Some(Piece::Hole(_)), Piece::Hole(_)) => return None,
            (_, piece) => pattern.push(piece),
        }
    }
    Some(pattern)
}
