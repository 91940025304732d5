package org.dl4jgn.ops;

/** The functions that recurrent cells are made of, all with derivatives that their values y tell. */
public enum CellFunction {
    /** y = x, y′ = 1. */
    IDENTITY,
    /** y = tanh x, y′ = 1 − y². */
    TANH,
    /** y = 1/(1 + e⁻ˣ), y′ = y(1 − y). */
    SIGMOID,
    /** y = min(max(x/5 + 1/2, 0), 1), y′ = [0 &lt; y &lt; 1]/5. */
    HARD_SIGMOID,
    /** y = max(x, 0), y′ = [y &gt; 0]. */
    RELU,
    /** y = min(max(x, −1), 1), y′ = [−1 &lt; y &lt; 1]. */
    HARD_TANH,
    /** y = x/(1 + |x|), y′ = (1 − |y|)². */
    SOFTSIGN
}
