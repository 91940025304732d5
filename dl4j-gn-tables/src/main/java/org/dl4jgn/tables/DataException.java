package org.dl4jgn.tables;

import java.io.IOException;

/** Data that is missing, damaged or not what it should be; the message is one sentence that says what to do. */
public final class DataException extends IOException {

    private static final long serialVersionUID = 1L;

    /** With a sentence for the user. */
    public DataException(String message) {
        super(message);
    }

    /** With a sentence for the user, and what led to it. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
