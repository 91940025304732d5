package org.dl4jgn.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Checks that something fails in the words that a user needs. */
public final class Failures {

    private Failures() {}

    /** Asserts that {@code action} throws a {@code type} whose message contains all of {@code words}; gives the message. */
    public static String assertFails(Class<? extends Throwable> type, Executable action, String... words) {
        String message = String.valueOf(assertThrows(type, action).getMessage());
        for (String word : words) {
            assertTrue(message.contains(word), () -> "'" + word + "' is not in: " + message);
        }
        return message;
    }
}
