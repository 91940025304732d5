package org.dl4jgn.translate;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All that is not supported of a network, told together: whoever has to change five settings is not to find them one by one.
 */
public final class Refusals {

    private final Set<String> messages = new LinkedHashSet<>();

    /** Notes one. */
    public void note(UnsupportedNetworkException refusal) {
        messages.addAll(refusal.reasons());
    }

    /** Notes what a check refuses. */
    public void check(Runnable check) {
        try {
            check.run();
        } catch (UnsupportedNetworkException e) {
            note(e);
        }
    }

    /** Whether there is any. */
    public boolean any() {
        return !messages.isEmpty();
    }

    /**
     * Does nothing if there is none.
     *
     * @throws UnsupportedNetworkException that names all
     */
    public void throwAny() {
        if (any()) {
            throw all();
        }
    }

    /** An exception that names all. */
    public UnsupportedNetworkException all() {
        return UnsupportedNetworkException.of(messages);
    }
}
