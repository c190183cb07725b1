//! From the syntax tree to the transcript: writes loops out, gives each hole its variable and each event its place in
//! the order.

use super::arrows::{self, Draft};
use super::scope::{Scopes, Slot};
use super::syntax::{Expr, File, Hole, Item, ItemKind, Part, RuleSyntax, Template, TermSyntax};
use super::terms;
use crate::budget::Budget;
use crate::error::{Mistake, ParseError, Parsed, Source, Span};
use crate::lint::{Foreseen, Printable, foresee};
use crate::model::{
    Event, Kind, Order, OwnKind, Piece, Rule, SeenRule, SourcePart, Times, Transcript, Variable,
};

/// Far beyond what a person would read, and small enough for the order's tables.
const MOST_EVENTS: usize = 2_000;

/// The most turns of all loops together.
const MOST_TURNS: usize = 20_000;

pub(crate) fn expand(
    source: Source<'_>,
    file: &File,
    kinds: &[OwnKind],
) -> Result<Transcript, ParseError> {
    let mut expander = Expander {
        scopes: Scopes::new(source),
        lanes: Vec::new(),
        events: Vec::new(),
        arrows: Vec::new(),
        rules: Vec::new(),
        seen: Vec::new(),
        texts: Vec::new(),
        seen_texts: Vec::new(),
        turns: 0,
        full: false,
        mistakes: Vec::new(),
    };
    expander.items(&file.items);
    let Expander {
        scopes,
        lanes,
        events,
        arrows: drafts,
        rules,
        seen,
        mut texts,
        seen_texts,
        mut mistakes,
        ..
    } = expander;
    let (arrows, unknown) = arrows::resolve(source, &drafts, &lanes);
    // A line with a mistake was left out, so its lane may be missing only for this reason.
    if mistakes.is_empty() {
        mistakes = unknown;
    }
    if let Some(error) = ParseError::of(mistakes) {
        return Err(error);
    }
    let order = Order::new(lanes.len(), events.iter().map(|event| event.lane).collect(), &arrows);
    let silent = arrows::without_effect(source, &drafts, &arrows, &order, &lanes);
    let mut transcript = Transcript {
        name: source.file.to_owned(),
        text: source.text.to_owned(),
        command: file.command.clone(),
        exits: file.exits,
        variables: scopes.variables,
        lanes,
        events,
        rules,
        seen,
        arrows,
        order,
        kinds: kinds.to_vec(),
    };
    transcript.mark_needed();
    texts.extend(seen_texts);
    let mut mistakes = silent;
    mistakes.extend(endless(source, &transcript));
    mistakes.extend(unprintable(source, &transcript, &texts));
    if mistakes.is_empty() {
        mistakes.extend(foregone(source, &transcript));
    }
    match ParseError::of(mistakes) {
        Some(error) => Err(error),
        None => Ok(transcript),
    }
}

fn endless(source: Source<'_>, transcript: &Transcript) -> Option<Mistake> {
    let (event, message, help) = match transcript.endless(&Budget::default()) {
        Ok(event) => (
            event?,
            "where these lines end is not clear",
            "its lane's next event can print the same line: give the two different texts",
        ),
        Err(_) => (
            transcript.events.iter().position(|event| event.times == Times::Many)?,
            "too many repetitions to tell where each ends",
            "write fewer, or begin each with different words",
        ),
    };
    let span = Span::whole_line(transcript.events[event].line);
    Some(source.error(span, message, help))
}

/// A text that no line contains counts nothing, so its rule is always true or always false.
fn unprintable(source: Source<'_>, transcript: &Transcript, texts: &[Vec<Span>]) -> Vec<Mistake> {
    let mut printable = Printable::new(transcript);
    let mut mistakes = Vec::new();
    for (rule, spans) in transcript.all_rules().zip(texts) {
        for (text, span) in rule.phrases().zip(spans) {
            if !printable.printable(text, &rule.names) {
                let message = format!("no event prints \"{}\"", rule.shown(text));
                let help = "a text matches whole words: check the spelling";
                mistakes.push(source.error(*span, message, help));
            }
        }
    }
    mistakes
}

/// What no run can show, or every run shows, is no question for several runs.
fn foregone<'s>(
    source: Source<'s>,
    transcript: &'s Transcript,
) -> impl Iterator<Item = Mistake> + 's {
    transcript.seen.iter().filter_map(move |seen| {
        let (message, help) = match foresee(transcript, &seen.rule)? {
            Foreseen::Always => {
                ("every run satisfies this", "leave it out, or compare with another number")
            }
            Foreseen::Never => ("no run can satisfy this", "compare with another number"),
        };
        Some(source.error(Span::whole_line(seen.line()), message, help))
    })
}

struct Expander<'a> {
    scopes: Scopes<'a>,
    lanes: Vec<String>,
    events: Vec<Event>,
    arrows: Vec<Draft>,
    rules: Vec<Rule>,
    seen: Vec<SeenRule>,
    /// For each rule, the places of its texts.
    texts: Vec<Vec<Span>>,
    /// The same for each `seen` rule.
    seen_texts: Vec<Vec<Span>>,
    turns: usize,
    /// Whether a limit is reached: further items would only report it again.
    full: bool,
    mistakes: Vec<Mistake>,
}

impl Expander<'_> {
    /// Leaves out items with a mistake.
    fn items(&mut self, items: &[Item]) {
        for item in items {
            if self.full {
                return;
            }
            if let Err(mistake) = self.item(item) {
                self.mistakes.push(mistake);
                self.bind_anyway(item);
            }
        }
    }

    /// Binds the names of an item that had a mistake, so that their use further down is not reported too.
    fn bind_anyway(&mut self, item: &Item) {
        for name in item.names() {
            if self.scopes.get(name).is_none() {
                self.scopes.bind(Some(name), variable(Some(name), Kind::Int));
            }
        }
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
                let expanded = terms::rule(&self.scopes, item.span, rule)?;
                self.rules.push(Rule { timing: *timing, ..expanded });
                self.texts.push(texts(rule));
            }
            ItemKind::Seen { rule, runs } => {
                let expanded = terms::rule(&self.scopes, item.span, rule)?;
                self.seen.push(SeenRule { rule: expanded, runs: *runs });
                self.seen_texts.push(texts(rule));
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
                self.full = true;
                let help = format!("at most {MOST_TURNS}, all loops together");
                return Err(source.error(span, "too many turns", help));
            }
            self.scopes.open();
            self.scopes.set(name, Slot::Constant(turn));
            let mistakes = self.mistakes.len();
            self.items(body);
            self.scopes.close();
            // The other turns would make the same mistakes.
            if self.mistakes.len() > mistakes {
                break;
            }
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
            self.full = true;
            let help = format!("at most {MOST_EVENTS}, loops written out");
            return Err(self.scopes.source.error(span, "too many events", help));
        }
        let lane = self.scopes.constant_text(lane)?;
        let lane = self.lanes.iter().position(|known| *known == lane).unwrap_or_else(|| {
            self.lanes.push(lane);
            self.lanes.len() - 1
        });
        // A name that a repeated line binds is valid for one line only.
        let source = match times {
            Times::Many => self.scopes.inside(|scopes| parts(scopes, text, true))?,
            _ => parts(&mut self.scopes, text, false)?,
        };
        let Some(pattern) = pattern(&source) else {
            let help = "put text between them, so that it is clear where the first ends";
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

/// The places of a rule's texts.
fn texts(rule: &RuleSyntax) -> Vec<Span> {
    let terms = rule.left.iter().chain(&rule.right);
    let texts = terms.filter_map(|(_, term)| match term {
        TermSyntax::Text(_, span) => Some(*span),
        _ => None,
    });
    texts.collect()
}

/// The parts of an event's text, with the content of its holes; `fresh` variables are valid for one line each.
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
            if let Some(name) = name.as_deref().filter(|name| scopes.get(name).is_some()) {
                let help = format!("write `{{{name}}}` for the same value, or choose another name");
                return Err(scopes.source.error(span, format!("`{name}` is bound already"), help));
            }
            let kind = scopes.kind(kind, span)?;
            if bound.is_some() && !matches!(kind, Kind::Int | Kind::Secs) {
                let help = "only int and secs take one";
                return Err(scopes.source.error(span, "this kind takes no bound", help));
            }
            if fresh && kind.distinct() {
                let help =
                    "each line may bind another pid, and no two processes share one: write int";
                return Err(scopes.source.error(span, "a pid in a repeated line", help));
            }
            let name = name.as_deref();
            let variable = Variable { bound: *bound, fresh, ..variable(name, kind) };
            Ok(Piece::Hole(scopes.bind(name, variable)))
        }
        Hole::Expr(Expr::Name(name, at)) => match scopes.get(name) {
            Some(Slot::Variable(variable)) => Ok(Piece::Hole(variable)),
            Some(Slot::Constant(value)) => Ok(Piece::Text(value.to_string())),
            None => Err(scopes.unbound(name, *at)),
        },
        Hole::Expr(expr) => Ok(Piece::Text(scopes.value(expr)?.to_string())),
    }
}

/// A variable without a bound. Whether its value is needed is known when the whole file is read.
fn variable(name: Option<&str>, kind: Kind) -> Variable {
    let name = name.map_or_else(|| format!(":{kind}"), str::to_owned);
    Variable { name, kind, bound: None, fresh: false, needed: false }
}

/// Joins neighbouring texts; none if two holes touch.
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
