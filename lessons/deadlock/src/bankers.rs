//! May this request be granted, or could all be stuck later?

use shared::Result;

/// The banker grants a request only if all three processes can still finish, in some order.
pub(crate) fn scene() -> Result<()> {
    let mut bank = Bank {
        available: [3, 3, 2],
        allocation: [[0, 1, 0], [2, 0, 0], [3, 0, 2]],
        maximum: [[7, 4, 3], [3, 2, 2], [8, 0, 2]],
    };
    bank.print();
    for (process, units) in [(2, [1, 0, 2]), (1, [0, 1, 0]), (1, [1, 0, 0]), (3, [6, 0, 0])] {
        match bank.request(process - 1, units) {
            Ok(order) => println!("process {process} gets {units:?}: safe order {order:?}"),
            Err(reason) => println!("process {process} does not get {units:?}: {reason}"),
        }
    }
    bank.print();
    Ok(())
}

/// Units of each of the three resources.
type Units = [u32; 3];

#[derive(Clone)]
struct Bank {
    /// What no process has.
    available: Units,
    /// What each process has.
    allocation: [Units; 3],
    /// What each process may have at most: its claim.
    maximum: [Units; 3],
}

impl Bank {
    /// Grants the request, or says why not.
    fn request(&mut self, process: usize, units: Units) -> Result<Vec<usize>, &'static str> {
        let mut after = self.clone();
        after.allocation[process] = plus(self.allocation[process], units);
        minus(self.maximum[process], after.allocation[process]).ok_or("more than its claim")?;
        after.available = minus(self.available, units).ok_or("not available now")?;
        let order = after.safe_order().ok_or("no safe order would be left")?;
        *self = after;
        Ok(order)
    }

    /// An order in which each process can get the rest of its claim, finish, and give all of it back.
    fn safe_order(&self) -> Option<Vec<usize>> {
        let mut available = self.available;
        let (mut waiting, mut order) = (vec![0, 1, 2], Vec::new());
        while !waiting.is_empty() {
            let can_finish = |&process: &usize| {
                let all = plus(available, self.allocation[process]);
                minus(all, self.maximum[process]).is_some()
            };
            let process = waiting.remove(waiting.iter().position(can_finish)?);
            available = plus(available, self.allocation[process]);
            order.push(process + 1);
        }
        Some(order)
    }

    fn print(&self) {
        for (process, (has, most)) in self.allocation.iter().zip(self.maximum).enumerate() {
            println!("process {} has {has:?} of at most {most:?}", process + 1);
        }
        println!("available: {:?}", self.available);
    }
}

fn plus(left: Units, right: Units) -> Units {
    std::array::from_fn(|resource| left[resource] + right[resource])
}

/// None if one of the three would be negative.
fn minus(left: Units, right: Units) -> Option<Units> {
    let enough = left.iter().zip(right).all(|(left, right)| *left >= right);
    enough.then(|| std::array::from_fn(|resource| left[resource] - right[resource]))
}
