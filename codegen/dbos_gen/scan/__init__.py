"""Source text to IR: reads modules as syntax trees and never imports or executes them."""
