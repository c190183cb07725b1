//! Calls about clocks and timers, which the director answers in the place of the kernel: they are about the run's
//! clock.

use std::io;
use std::time::Duration;

use nix::libc;

use super::super::memory::Memory;
use super::super::numbers;
use super::super::seccomp::Call;
use super::Time;
use super::now::Now;
use super::timers::{Setting, Timer};

/// The unit of the smaller one of two numbers that are a time, in nanoseconds.
const MICROSECONDS: u32 = 1_000;
const NANOSECONDS: u32 = 1;

impl Time {
    /// What the call of a thread of this process returns. None if the kernel must make it.
    ///
    /// # Errors
    ///
    /// The memory of the process cannot be read or written, or there is no such timer. The kernel will say so.
    pub(crate) fn answer(&mut self, call: &Call, pid: i32) -> io::Result<Option<i64>> {
        let [first, second, third, fourth, ..] = call.arguments;
        let memory = || Memory::of(call.tid);
        let alarm = Timer::Alarm { pid };
        let created = Timer::Created { pid, id: first as i32 };
        let descriptor = Timer::Descriptor { pid, descriptor: first as i32 };
        let now = self.now();
        match call.number {
            numbers::GET_CLOCK => {
                let Some(time) = now.by(first as i32) else { return Ok(None) };
                memory()?.write_whole(second, numbers_of(time, NANOSECONDS))?;
            }
            numbers::TIME_OF_DAY => write_time_of_day(now, &memory()?, [first, second])?,
            number if Some(number) == numbers::TIME => {
                let seconds = now.real.as_secs().cast_signed();
                if first != 0 {
                    memory()?.write_whole(first, [seconds])?;
                }
                return Ok(Some(seconds));
            }
            number if Some(number) == numbers::ALARM => {
                return self.set_alarm(alarm, first as u32).map(Some);
            }
            numbers::SET_ITIMER if second != 0 => {
                return self.set(alarm, false, MICROSECONDS, &memory()?, [second, third]);
            }
            numbers::SET_TIMER => {
                let is_absolute = second as i32 & libc::TIMER_ABSTIME != 0;
                return self.set(created, is_absolute, NANOSECONDS, &memory()?, [third, fourth]);
            }
            numbers::SET_TIMERFD => {
                let is_absolute = second as i32 & libc::TFD_TIMER_ABSTIME != 0;
                return self.set(descriptor, is_absolute, NANOSECONDS, &memory()?, [third, fourth]);
            }
            numbers::GET_ITIMER => return self.get(alarm, MICROSECONDS, &memory()?, second),
            numbers::GET_TIMER => return self.get(created, NANOSECONDS, &memory()?, second),
            numbers::GET_TIMERFD => return self.get(descriptor, NANOSECONDS, &memory()?, second),
            _ => return Ok(None),
        }
        Ok(Some(0))
    }

    /// Ends the timer after this many seconds, and returns how many were left.
    fn set_alarm(&mut self, alarm: Timer, seconds: u32) -> io::Result<i64> {
        let first = Duration::from_secs(seconds.into());
        let setting = Setting { first, ..Setting::default() };
        let left = self.timers.set(alarm, setting, self.passed())?.first;
        // As the kernel rounds it.
        let rounds_up = left.subsec_millis() >= 500 || left.as_secs() == 0;
        let seconds = left.as_secs() + u64::from(rounds_up && !left.is_zero());
        Ok(seconds.cast_signed())
    }

    /// Sets a timer as the first address says, and writes its earlier setting to the second one, unless that is zero.
    fn set(
        &mut self,
        timer: Timer,
        is_absolute: bool,
        unit: u32,
        memory: &Memory,
        [new, old]: [u64; 2],
    ) -> io::Result<Option<i64>> {
        let Some(now) = self.now().by(timer.clock()?) else { return Ok(None) };
        let [interval, interval_part, first, first_part] = memory.whole(new)?;
        let interval = time_of([interval, interval_part], unit)?;
        let mut first = time_of([first, first_part], unit)?;
        if is_absolute && !first.is_zero() {
            // A moment that has passed is not never.
            first = first.saturating_sub(now).max(Duration::from_nanos(1));
        }
        let before = self.timers.set(timer, Setting { first, interval }, self.passed())?;
        if old != 0 {
            write(memory, old, before, unit)?;
        }
        Ok(Some(0))
    }

    /// Writes what is left of a timer.
    fn get(
        &self,
        timer: Timer,
        unit: u32,
        memory: &Memory,
        address: u64,
    ) -> io::Result<Option<i64>> {
        if self.now().by(timer.clock()?).is_none() {
            return Ok(None);
        }
        write(memory, address, self.timers.get(timer, self.passed()), unit)?;
        Ok(Some(0))
    }
}

/// Writes the time to the first address, and no timezone to the second one, unless they are zero.
fn write_time_of_day(now: Now, memory: &Memory, [time, zone]: [u64; 2]) -> io::Result<()> {
    if time != 0 {
        memory.write_whole(time, numbers_of(now.real, MICROSECONDS))?;
    }
    if zone != 0 {
        memory.write_whole(zone, [0])?;
    }
    Ok(())
}

fn write(memory: &Memory, address: u64, setting: Setting, unit: u32) -> io::Result<()> {
    let [interval, first] = [setting.interval, setting.first].map(|time| numbers_of(time, unit));
    memory.write_whole::<4>(address, [interval[0], interval[1], first[0], first[1]])
}

/// A `timeval` or a `timespec`.
fn numbers_of(time: Duration, unit: u32) -> [i64; 2] {
    [time.as_secs().cast_signed(), (time.subsec_nanos() / unit).into()]
}

fn time_of([seconds, part]: [i64; 2], unit: u32) -> io::Result<Duration> {
    let most = i64::from(1_000_000_000 / unit);
    let seconds = u64::try_from(seconds).map_err(io::Error::other)?;
    if !(0..most).contains(&part) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(Duration::new(seconds, part as u32 * unit))
}
