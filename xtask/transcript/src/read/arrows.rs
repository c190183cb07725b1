//! Arrows: from names to lanes, once all lanes are known.

use std::collections::HashSet;

use super::Parsed;
use super::scope::Scopes;
use super::syntax::Lanes;
use crate::error::{Source, Span};
use crate::model::{Arrow, Order};

/// The lanes on one side, by name; none is everybody.
type Side = Option<Vec<(String, Span)>>;

/// An arrow whose lanes may still have to appear.
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

    pub(crate) fn resolve(&self, source: Source<'_>, lanes: &[String]) -> Parsed<Arrow> {
        let number = |(name, span): &(String, Span)| {
            let help = || format!("the lanes are {}", lanes.join(", "));
            let found = lanes.iter().position(|lane| lane == name);
            found
                .ok_or_else(|| source.error(*span, format!("no event is in lane `{name}`"), help()))
        };
        let numbers = |side: &Side| match side {
            None => Ok((0..lanes.len()).collect()),
            Some(named) => named.iter().map(number).collect::<Parsed<Vec<usize>>>(),
        };
        let (left, right) = (numbers(&self.left)?, numbers(&self.right)?);
        Ok(Arrow { line: self.span.line, text: self.text(), above: self.above, left, right })
    }
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

/// An arrow that orders nothing in any turn of its loops is a mistake.
pub(crate) fn refuse_silent(
    source: Source<'_>,
    drafts: &[Draft],
    arrows: &[Arrow],
    order: &Order,
) -> Parsed<()> {
    let mut claims: Vec<(Span, bool, String)> = Vec::new();
    for (draft, arrow) in drafts.iter().zip(arrows) {
        let (before, after) = order.ends(arrow);
        let speaks = !before.is_empty() && !after.is_empty();
        claims.push((draft.span, speaks, "nothing stands on one side of it".to_owned()));
        let sides = [
            (&draft.left, &arrow.left, before, "above"),
            (&draft.right, &arrow.right, after, "below"),
        ];
        for (named, lanes, events, place) in sides {
            for ((name, span), &lane) in named.iter().flatten().zip(lanes) {
                let speaks = events.iter().any(|&event| order.lane_of(event) == lane);
                claims.push((*span, speaks, format!("lane `{name}` prints nothing {place}")));
            }
        }
    }
    let speaking: HashSet<Span> =
        claims.iter().filter(|claim| claim.1).map(|claim| claim.0).collect();
    match claims.into_iter().find(|(span, ..)| !speaking.contains(span)) {
        Some((span, _, why)) => Err(source.error(
            span,
            format!("this arrow says nothing: {why}"),
            "move it or delete it",
        )),
        None => Ok(()),
    }
}
