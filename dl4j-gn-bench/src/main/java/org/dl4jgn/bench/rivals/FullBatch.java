package org.dl4jgn.bench.rivals;

import java.util.Optional;

/** A method whose every step is on the same, all, examples, and may take several passes through them. */
public interface FullBatch extends Trainer {

    /** Passes through the examples so far. */
    long passes();

    /** Why it goes no further; empty while it does. */
    Optional<String> ended();
}
