//! The canvas that scenes are painted on: float pixels, light, blur, and the last touches.

use crate::blur::blur;
use crate::color::{Color, add, luma, mix, scale};
use crate::layer::Layer;
use crate::noise::Noise;

/// A picture in the making: row-major float pixels, top row first.
#[derive(Debug, Clone)]
pub(crate) struct Canvas {
    /// Width in pixels, at least 1.
    pub(crate) width: usize,
    /// Height in pixels, at least 1.
    pub(crate) height: usize,
    pixels: Vec<Color>,
}

impl Canvas {
    /// Makes a black canvas.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![[0.0; 3]; width * height],
        }
    }

    /// Returns the width in pixels as a float.
    pub(crate) fn w(&self) -> f32 {
        self.width as f32
    }

    /// Returns the height in pixels as a float.
    pub(crate) fn h(&self) -> f32 {
        self.height as f32
    }

    /// Returns the shorter side in pixels: the measure of things that keep their shape.
    pub(crate) fn side(&self) -> f32 {
        self.w().min(self.h())
    }

    /// Sets every pixel to what `shade` makes of its place (in pixels) and its colour so far.
    pub(crate) fn paint(&mut self, mut shade: impl FnMut(f32, f32, Color) -> Color) {
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = shade(x as f32 + 0.5, y as f32 + 0.5, *pixel);
            }
        }
    }

    /// Paints like [`paint`](Self::paint), but only inside a box given by its corners in pixels.
    pub(crate) fn paint_box(
        &mut self,
        (left, top): (f32, f32),
        (right, bottom): (f32, f32),
        mut shade: impl FnMut(f32, f32, Color) -> Color,
    ) {
        let (x0, x1) = (
            left.max(0.0) as usize,
            (right.max(0.0).ceil() as usize).min(self.width),
        );
        let (y0, y1) = (
            top.max(0.0) as usize,
            (bottom.max(0.0).ceil() as usize).min(self.height),
        );
        for y in y0..y1 {
            for x in x0..x1 {
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = shade(x as f32 + 0.5, y as f32 + 0.5, *pixel);
            }
        }
    }

    /// Returns the colour at a place in pixels, read between pixels, the border carried outwards.
    pub(crate) fn sample(&self, x: f32, y: f32) -> Color {
        let x = (x - 0.5).clamp(0.0, self.w() - 1.0);
        let y = (y - 0.5).clamp(0.0, self.h() - 1.0);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let at = |x: usize, y: usize| self.pixels[y * self.width + x];
        mix(
            mix(at(x0, y0), at(x1, y0), fx),
            mix(at(x0, y1), at(x1, y1), fx),
            fy,
        )
    }

    /// Lays `color` over the pixel at column `x` and row `y` with a coverage of 0..1.
    pub(crate) fn blend(&mut self, x: usize, y: usize, color: Color, coverage: f32) {
        if x < self.width && y < self.height {
            let pixel = &mut self.pixels[y * self.width + x];
            *pixel = mix(*pixel, color, coverage);
        }
    }

    /// Adds light to the pixel at column `x` and row `y`.
    pub(crate) fn light(&mut self, x: usize, y: usize, color: Color, by: f32) {
        if x < self.width && y < self.height {
            let pixel = &mut self.pixels[y * self.width + x];
            *pixel = add(*pixel, color, by);
        }
    }

    /// Adds a round glow that falls off from its centre to nothing at `radius` pixels.
    pub(crate) fn glow(&mut self, x: f32, y: f32, radius: f32, color: Color, by: f32) {
        self.paint_box(
            (x - radius, y - radius),
            (x + radius, y + radius),
            |px, py, c| {
                let d = ((px - x).powi(2) + (py - y).powi(2)) / (radius * radius);
                if d >= 1.0 {
                    c
                } else {
                    add(c, color, by * (1.0 - d).powi(3))
                }
            },
        );
    }

    /// Lays a layer of shapes over the picture.
    pub(crate) fn over(&mut self, layer: &Layer, opacity: f32) {
        for (pixel, shape) in self.pixels.iter_mut().zip(layer.pixels()) {
            let keep = 1.0 - shape[3] * opacity;
            for (channel, value) in pixel.iter_mut().zip(shape) {
                *channel = *channel * keep + value * opacity;
            }
        }
    }

    /// Adds the light of a layer of shapes as a projector would: white stays white.
    pub(crate) fn screen(&mut self, layer: &Layer, by: f32) {
        for (pixel, shape) in self.pixels.iter_mut().zip(layer.pixels()) {
            for (channel, value) in pixel.iter_mut().zip(shape) {
                *channel = 1.0 - (1.0 - *channel) * (1.0 - value * by);
            }
        }
    }

    /// Blurs the whole picture with soft radii in pixels, along the rows and along the columns.
    pub(crate) fn blur(&mut self, along_rows: f32, along_columns: f32) {
        blur(&mut self.pixels, self.width, along_rows, along_columns);
    }

    /// Takes the rows above `row` from another canvas of the same size.
    pub(crate) fn restore_above(&mut self, row: f32, from: &Canvas) {
        let count = self.width * (row.max(0.0) as usize).min(self.height);
        for (pixel, old) in self.pixels.iter_mut().zip(&from.pixels).take(count) {
            *pixel = *old;
        }
    }

    /// Lets what is brighter than `threshold` glow over its surroundings.
    pub(crate) fn bloom(&mut self, threshold: f32, radius: f32, by: f32) {
        let mut bright = self.pixels.clone();
        for c in &mut bright {
            let over = (luma(*c) - threshold).max(0.0) / (1.0 - threshold);
            *c = scale(*c, over.min(2.0));
        }
        blur(&mut bright, self.width, radius, radius);
        for (pixel, b) in self.pixels.iter_mut().zip(bright) {
            *pixel = add(*pixel, b, by);
        }
    }

    /// Mirrors the part above row `horizon` in the water below it; `ripple` gives, for a place in
    /// pixels, how far the image is shifted, and `shade` the colour of the water from the mirrored
    /// colour and the nearness 0..1.
    pub(crate) fn mirror(
        &mut self,
        horizon: f32,
        ripple: impl Fn(f32, f32) -> (f32, f32),
        shade: impl Fn(f32, f32, Color, f32) -> Color,
    ) {
        let above = self.clone();
        let (w, h) = (self.w(), self.h());
        self.paint_box((0.0, horizon), (w, h), |x, y, _| {
            let (dx, dy) = ripple(x, y);
            let from = (2.0 * horizon - y + dy).min(horizon - 1.0);
            shade(
                x,
                y,
                above.sample(x + dx, from),
                (y - horizon) / (h - horizon),
            )
        });
    }

    /// Gives the last touches: a filmic shoulder, darker corners, and grain as of a photograph.
    pub(crate) fn finish(&mut self, vignette: f32, grain: f32, noise: Noise) {
        let (w, h) = (self.w(), self.h());
        self.paint(|x, y, c| {
            let (dx, dy) = ((x / w - 0.5) * 2.0, (y / h - 0.5) * 2.0);
            let corner = 1.0 - vignette * ((dx * dx + dy * dy) * 0.5).powf(1.4);
            let speck = (noise.cell(x as i32, y as i32) + noise.cell(x as i32 + 7919, y as i32)
                - 1.0)
                * grain;
            c.map(|v| shoulder(v * corner) + speck)
        });
    }

    /// Returns the finished picture as 8-bit RGB, row-major.
    pub(crate) fn to_rgb8(&self) -> Vec<u8> {
        self.pixels
            .iter()
            .flatten()
            .map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8)
            .collect()
    }
}

/// Leaves what is dark alone and bends what is brighter than 0.8 softly towards 1.
fn shoulder(v: f32) -> f32 {
    if v <= 0.8 {
        v.max(0.0)
    } else {
        0.8 + 0.2 * (1.0 - (-(v - 0.8) / 0.2).exp())
    }
}
