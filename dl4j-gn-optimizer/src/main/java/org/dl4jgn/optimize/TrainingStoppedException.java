package org.dl4jgn.optimize;

/** Training cannot go on; the parameters are those of the last accepted step, and the message says what to try. */
public final class TrainingStoppedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public TrainingStoppedException(String message) {
        super(message);
    }
}
