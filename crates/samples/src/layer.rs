//! A transparent layer of vector shapes, drawn by tiny-skia and laid over a canvas.

use tiny_skia::{
    FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder, Pixmap,
    Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

use crate::blur::blur;
use crate::color::Color;

/// Shapes with transparency, of the same size as the canvas they will be laid over.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pixmap: Pixmap,
    /// The layer after a blur, as premultiplied floats; the pixmap is stale then.
    soft: Option<Vec<[f32; 4]>>,
}

impl Layer {
    /// Makes an empty layer.
    ///
    /// # Panics
    /// If a side is 0 or the picture does not fit memory, neither of which a plan contains.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let pixmap = Pixmap::new(width as u32, height as u32).expect("planned sizes are small");
        Self { pixmap, soft: None }
    }

    /// Fills a shape with one colour. A degenerate shape draws nothing.
    pub(crate) fn fill(&mut self, path: &Option<Path>, color: Color, alpha: f32) {
        self.fill_with(path, Shader::SolidColor(opaque(color, alpha)));
    }

    /// Fills a shape with a gradient that runs from one point to another.
    pub(crate) fn fill_linear(
        &mut self,
        path: &Option<Path>,
        from: (f32, f32),
        to: (f32, f32),
        stops: &[(f32, Color, f32)],
    ) {
        let (from, to) = (Point::from_xy(from.0, from.1), Point::from_xy(to.0, to.1));
        let gradient = LinearGradient::new(
            from,
            to,
            marks(stops),
            SpreadMode::Pad,
            Transform::identity(),
        );
        if let Some(shader) = gradient {
            self.fill_with(path, shader);
        }
    }

    /// Fills a shape with a gradient that runs outwards from a centre to a radius in pixels.
    pub(crate) fn fill_radial(
        &mut self,
        path: &Option<Path>,
        center: (f32, f32),
        radius: f32,
        stops: &[(f32, Color, f32)],
    ) {
        let center = Point::from_xy(center.0, center.1);
        let (spread, turn) = (SpreadMode::Pad, Transform::identity());
        let gradient = RadialGradient::new(center, 0.0, center, radius, marks(stops), spread, turn);
        if let Some(shader) = gradient {
            self.fill_with(path, shader);
        }
    }

    /// Draws a line with round ends along a path, `width` in pixels.
    pub(crate) fn stroke(&mut self, path: &Option<Path>, width: f32, color: Color, alpha: f32) {
        let Some(path) = path else { return };
        let paint = Paint {
            shader: Shader::SolidColor(opaque(color, alpha)),
            anti_alias: true,
            ..Paint::default()
        };
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        self.pixmap
            .stroke_path(path, &paint, &stroke, Transform::identity(), None);
    }

    /// Softens everything drawn so far by a radius in pixels; nothing may be drawn after.
    pub(crate) fn blur(&mut self, radius: f32) {
        let mut pixels: Vec<[f32; 4]> = self.pixels().collect();
        blur(&mut pixels, self.pixmap.width() as usize, radius, radius);
        self.soft = Some(pixels);
    }

    /// Returns the pixels, row-major: premultiplied red, green, blue, and alpha, all 0..1.
    pub(crate) fn pixels(&self) -> impl Iterator<Item = [f32; 4]> + '_ {
        let bytes = self.pixmap.data().chunks_exact(4);
        bytes.enumerate().map(|(i, p)| match &self.soft {
            Some(soft) => soft[i],
            None => [p[0], p[1], p[2], p[3]].map(|v| f32::from(v) / 255.0),
        })
    }

    fn fill_with(&mut self, path: &Option<Path>, shader: Shader<'_>) {
        if let Some(path) = path {
            let paint = Paint {
                shader,
                anti_alias: true,
                ..Paint::default()
            };
            self.pixmap
                .fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }
}

/// Returns a closed shape with straight sides.
pub(crate) fn polygon(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0, first.1);
    for p in rest {
        path.line_to(p.0, p.1);
    }
    path.close();
    path.finish()
}

/// Returns a smooth open curve through all points (Catmull-Rom).
pub(crate) fn curve(points: &[(f32, f32)]) -> Option<Path> {
    spline(points, false)
}

/// Returns a closed shape with a smooth outline through all points (Catmull-Rom).
pub(crate) fn blob(points: &[(f32, f32)]) -> Option<Path> {
    spline(points, true)
}

/// Returns a circle by centre and radius in pixels.
pub(crate) fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

/// Returns an upright rectangle by its corner and size in pixels.
pub(crate) fn rect(x: f32, y: f32, w: f32, h: f32) -> Option<Path> {
    Rect::from_xywh(x, y, w, h).map(PathBuilder::from_rect)
}

/// Returns an ellipse by centre and half axes in pixels, turned by `angle` radians clockwise.
pub(crate) fn ellipse((x, y): (f32, f32), rx: f32, ry: f32, angle: f32) -> Option<Path> {
    let oval = PathBuilder::from_oval(Rect::from_ltrb(-rx, -ry, rx, ry)?)?;
    let (sin, cos) = angle.sin_cos();
    oval.transform(Transform::from_row(cos, sin, -sin, cos, x, y))
}

fn spline(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let n = points.len() as isize;
    if n < 2 {
        return None;
    }
    let at = |i: isize| {
        let i = if closed {
            i.rem_euclid(n)
        } else {
            i.clamp(0, n - 1)
        };
        points[i as usize]
    };
    let mut path = PathBuilder::new();
    path.move_to(at(0).0, at(0).1);
    for i in 0..(if closed { n } else { n - 1 }) {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        path.cubic_to(
            b.0 + (c.0 - a.0) / 6.0,
            b.1 + (c.1 - a.1) / 6.0,
            c.0 - (d.0 - b.0) / 6.0,
            c.1 - (d.1 - b.1) / 6.0,
            c.0,
            c.1,
        );
    }
    if closed {
        path.close();
    }
    path.finish()
}

fn opaque(c: Color, alpha: f32) -> tiny_skia::Color {
    let c = c.map(|v| v.clamp(0.0, 1.0));
    tiny_skia::Color::from_rgba(c[0], c[1], c[2], alpha.clamp(0.0, 1.0))
        .unwrap_or(tiny_skia::Color::TRANSPARENT)
}

fn marks(stops: &[(f32, Color, f32)]) -> Vec<GradientStop> {
    stops
        .iter()
        .map(|&(at, color, alpha)| GradientStop::new(at, opaque(color, alpha)))
        .collect()
}
