//! Measures how fast the runtime is, compared with its peers and with the limits of the machine.
//!
//! Each contender of an [`Operation`] is a short program in a separate package, in the folder `programs`: this crate
//! does not link what it measures. A machine has slow moments. So contenders take turns, round after round, and only
//! ratios within one call count.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use bench::{Effort, OPERATIONS, Programs};
//!
//! let Effort { rounds, span } = Effort::QUICK;
//! let programs = Programs::build(Path::new("xtask/bench/programs"), Path::new("target/bench"), span)?;
//! for operation in &OPERATIONS {
//!     let measured = programs.measure(operation, rounds, || false, |_, _| {})?;
//!     print!("{}", measured.table(80));
//! }
//! # Ok::<(), bench::Error>(())
//! ```

mod error;
mod figure;
mod measured;
mod neighbours;
mod operation;
mod paint;
mod programs;
mod summary;
mod table;
mod turn;

use std::time::Duration;

pub use self::error::{Error, Result};
pub use self::figure::{Figure, Spread, digits};
pub use self::measured::{Measured, Record};
pub use self::neighbours::Neighbours;
pub use self::operation::{Better, Contender, Goal, OPERATIONS, Operation, Program, Side};
pub use self::programs::Programs;
pub use self::summary::Summary;

/// How many turns each contender has, and how long they are.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How many turns each contender has.
    pub rounds: u32,
    /// How long one figure is measured.
    pub span: Duration,
}

impl Effort {
    /// For figures that are to be compared.
    pub const FULL: Self = Self { rounds: 5, span: Duration::from_millis(300) };
    /// To test that everything works.
    pub const QUICK: Self = Self { rounds: 1, span: Duration::from_millis(60) };
}
