//! Arrows: from names to lanes, once all lanes are known.

use std::collections::HashSet;

use super::scope::Scopes;
use super::syntax::Lanes;
use crate::error::{Mistake, Parsed, Source, Span};
use crate::model::{Arrow, Order};

/// The lanes on one side, by name; none means all lanes.
type Side = Option<Vec<(String, Span)>>;

/// An arrow whose lanes may appear further down.
pub(crate) struct Draft {
    span: Span,
    above: usize,
    left: Side,
    right: Side,
}

impl Draft {
    pub(crate) fn arrow(
        scopes: &Scopes<'_>,
        span: Span,
        above: usize,
        left: &Lanes,
        right: &Lanes,
    ) -> Parsed<Draft> {
        Ok(Draft { span, above, left: side(scopes, left)?, right: side(scopes, right)? })
    }

    pub(crate) fn barrier(span: Span, above: usize) -> Draft {
        Draft { span, above, left: None, right: None }
    }

    /// As written, with loop constants filled in.
    fn text(&self) -> String {
        let names = |side: &Side| match side {
            None => "*".to_owned(),
            Some(lanes) => lanes.iter().map(|lane| lane.0.as_str()).collect::<Vec<_>>().join(", "),
        };
        match (&self.left, &self.right) {
            (None, None) => "---".to_owned(),
            (left, right) => format!("{} -> {}", names(left), names(right)),
        }
    }

    fn named(&self) -> impl Iterator<Item = &(String, Span)> {
        [&self.left, &self.right].into_iter().flatten().flatten()
    }

    fn resolve(&self, lanes: &[String]) -> Arrow {
        let numbers = |side: &Side| match side {
            None => (0..lanes.len()).collect(),
            Some(named) => named.iter().filter_map(|lane| number(lanes, &lane.0)).collect(),
        };
        let (left, right) = (numbers(&self.left), numbers(&self.right));
        Arrow { line: self.span.line, text: self.text(), above: self.above, left, right }
    }
}

fn number(lanes: &[String], name: &str) -> Option<usize> {
    lanes.iter().position(|lane| lane == name)
}

/// The arrows with their lanes, and mistakes for lanes that do not exist in any turn of the loops.
///
/// A chain ends where its loop ends: `t{i} -> t{i+1}` orders nothing in the last turn.
pub(crate) fn resolve(
    source: Source<'_>,
    drafts: &[Draft],
    lanes: &[String],
) -> (Vec<Arrow>, Vec<Mistake>) {
    let named = || drafts.iter().flat_map(Draft::named);
    let known: HashSet<Span> =
        named().filter(|lane| number(lanes, &lane.0).is_some()).map(|lane| lane.1).collect();
    let unknown = named().filter(|lane| !known.contains(&lane.1)).map(|(name, span)| {
        let help = format!("the lanes are {}", lanes.join(", "));
        source.error(*span, format!("no event is in lane `{name}`"), help)
    });
    (drafts.iter().map(|draft| draft.resolve(lanes)).collect(), unknown.collect())
}

fn side(scopes: &Scopes<'_>, lanes: &Lanes) -> Parsed<Side> {
    match lanes {
        Lanes::All => Ok(None),
        Lanes::Named(lanes) => {
            let named = lanes.iter().map(|(lane, span)| Ok((scopes.constant_text(lane)?, *span)));
            named.collect::<Parsed<_>>().map(Some)
        }
    }
}

/// An arrow that orders nothing in any turn of its loops is a mistake. So is a lane in it that has no effect.
pub(crate) fn without_effect(
    source: Source<'_>,
    drafts: &[Draft],
    arrows: &[Arrow],
    order: &Order,
    lanes: &[String],
) -> Vec<Mistake> {
    let mut claims: Vec<(Span, bool, String)> = Vec::new();
    for (draft, arrow) in drafts.iter().zip(arrows) {
        let (before, after) = order.ends(arrow);
        let between =
            |one: &usize| after.iter().any(|other| order.lane_of(*one) != order.lane_of(*other));
        let why = match before.is_empty() || after.is_empty() {
            true => "there is no event on one side of it",
            false => "the events of one lane are in this order already",
        };
        claims.push((draft.span, before.iter().any(between), why.to_owned()));
        for (side, events, place) in
            [(&draft.left, &before, "above"), (&draft.right, &after, "below")]
        {
            for (name, span) in side.iter().flatten() {
                let lane = number(lanes, name);
                let speaks = events.iter().any(|&event| Some(order.lane_of(event)) == lane);
                claims.push((*span, speaks, format!("lane `{name}` prints nothing {place}")));
            }
        }
    }
    let speaking: HashSet<Span> =
        claims.iter().filter(|claim| claim.1).map(|claim| claim.0).collect();
    let silent = claims.into_iter().filter(|(span, ..)| !speaking.contains(span));
    let mistake = |(span, _, why): (Span, bool, String)| {
        let message = format!("this arrow orders nothing: {why}");
        source.error(span, message, "move it or delete it")
    };
    silent.map(mistake).collect()
}
