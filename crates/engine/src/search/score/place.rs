//! How often the terms of a phrase stand near each other in a document, as Lucene counts it.

/// The occurrences of one place of a phrase in a document.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// The place in the phrase, from 0.
    pub(super) offset: i64,
    /// Places with the same number hold the same terms.
    pub(super) group: Option<usize>,
    /// Where the terms occur, ascending.
    pub(super) positions: Vec<u32>,
}

/// Counts the places where the terms follow each other as in the phrase.
pub(super) fn exact(places: &[Place]) -> f32 {
    let Some((first, rest)) = places.split_first() else {
        return 0.0;
    };
    let follows = |start: i64| {
        rest.iter().all(|place| {
            let wanted = start + place.offset - first.offset;
            u32::try_from(wanted).is_ok_and(|wanted| place.positions.binary_search(&wanted).is_ok())
        })
    };
    let starts = first.positions.iter().map(|start| i64::from(*start));
    starts.filter(|start| follows(*start)).count() as f32
}

/// Adds 1 / (1 + distance) for the places where the terms stand within `slop` moves of the phrase.
///
/// The walk is Lucene's: the leftmost term moves on until it passes the next one, and the shortest stretch seen
/// meanwhile counts.
pub(super) fn sloppy(places: &[Place], slop: u32) -> f32 {
    match Walk::new(places) {
        Some(walk) => walk.count(i64::from(slop)),
        None => 0.0,
    }
}

struct Walk<'a> {
    places: &'a [Place],
    /// Which occurrence of each place the walk is at.
    at: Vec<usize>,
    /// Places in the walk's queue; the one that moves is taken out.
    queued: Vec<usize>,
    /// The greatest position, each taken back by its place in the phrase.
    end: i64,
}

impl<'a> Walk<'a> {
    fn new(places: &'a [Place]) -> Option<Self> {
        let mut walk = Self {
            places,
            at: vec![0; places.len()],
            queued: (0..places.len()).collect(),
            end: i64::MIN,
        };
        for place in 0..places.len() {
            places.get(place)?.positions.first()?;
            walk.end = walk.end.max(walk.position(place));
        }
        // The same term at several places starts at as many different occurrences.
        for place in 0..places.len() {
            let group = places.get(place)?.group;
            let earlier = places.iter().take(place);
            let same = earlier.filter(|other| group.is_some() && other.group == group);
            for _ in 0..same.count() {
                if !walk.advance(place) {
                    return None;
                }
            }
        }
        Some(walk)
    }

    /// A place's position, taken back by its place in the phrase.
    fn position(&self, place: usize) -> i64 {
        self.real_position(place) - self.places[place].offset
    }

    fn real_position(&self, place: usize) -> i64 {
        i64::from(self.places[place].positions[self.at[place]])
    }

    fn advance(&mut self, place: usize) -> bool {
        if self.at[place] + 1 >= self.places[place].positions.len() {
            return false;
        }
        self.at[place] += 1;
        self.end = self.end.max(self.position(place));
        true
    }

    fn leftmost(&self) -> Option<usize> {
        let key = |place: &usize| (self.position(*place), self.places[*place].offset, *place);
        self.queued.iter().copied().min_by_key(key)
    }

    fn take_leftmost(&mut self) -> Option<usize> {
        let leftmost = self.leftmost()?;
        self.queued.retain(|place| *place != leftmost);
        Some(leftmost)
    }

    fn count(mut self, slop: i64) -> f32 {
        let mut total = 0.0;
        loop {
            let Some(mut moving) = self.take_leftmost() else {
                return total;
            };
            let mut length = self.end - self.position(moving);
            let mut next = self
                .leftmost()
                .map_or(i64::MAX, |place| self.position(place));
            let found = loop {
                if !self.advance(moving) || !self.part(moving) {
                    break None;
                }
                if self.position(moving) > next {
                    self.queued.push(moving);
                    if length <= slop {
                        break Some(length);
                    }
                    let Some(leftmost) = self.take_leftmost() else {
                        break None;
                    };
                    moving = leftmost;
                    next = self
                        .leftmost()
                        .map_or(i64::MAX, |place| self.position(place));
                    length = self.end - self.position(moving);
                } else {
                    length = length.min(self.end - self.position(moving));
                }
            };
            match found {
                Some(length) => total += 1.0 / (1 + length) as f32,
                None => {
                    if length <= slop {
                        total += 1.0 / (1 + length) as f32;
                    }
                    return total;
                }
            }
        }
    }

    /// Moves places of the same term apart that stand on the same occurrence; false when one has no further.
    fn part(&mut self, moving: usize) -> bool {
        let mut current = moving;
        while let Some(other) = self.collides(current) {
            let key = |place: usize| (self.position(place), self.places[place].offset);
            current = if key(current) < key(other) {
                current
            } else {
                other
            };
            if !self.advance(current) {
                return false;
            }
        }
        true
    }

    fn collides(&self, place: usize) -> Option<usize> {
        let group = self.places[place].group?;
        (0..self.places.len()).find(|other| {
            *other != place
                && self.places[*other].group == Some(group)
                && self.real_position(*other) == self.real_position(place)
        })
    }
}
