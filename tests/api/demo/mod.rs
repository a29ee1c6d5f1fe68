//! The demonstrations: a county, and a city of any size.

mod city;
mod county;
