//! How fast the runtime is, beside its peers and beside what the machine allows.
//!
//! Each contender of an [`Operation`] is a short program. They are a package of its own, in the folder `programs`:
//! nothing here is linked with what it measures. A machine has slow moments, so contenders take turns, round after
//! round, and only ratios within one call count.
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
pub use self::figure::Figure;
pub use self::measured::{Measured, Record};
pub use self::operation::{Better, Contender, Goal, OPERATIONS, Operation, Program, Side};
pub use self::programs::Programs;
pub use self::summary::Summary;

/// How often each contender has its turn, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How many turns each contender has.
    pub rounds: u32,
    /// For how long a figure is measured.
    pub span: Duration,
}

impl Effort {
    /// For figures to be compared.
    pub const FULL: Self = Self { rounds: 5, span: Duration::from_millis(300) };
    /// To see that everything works.
    pub const QUICK: Self = Self { rounds: 1, span: Duration::from_millis(60) };
}
