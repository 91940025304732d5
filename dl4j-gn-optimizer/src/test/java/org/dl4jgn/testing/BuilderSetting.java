package org.dl4jgn.testing;

import java.util.function.Consumer;

/**
 * A setting of one of DL4J's builders.
 *
 * @param <B> the builder
 * @param method name and types of parameters
 * @param words what the refusal says, if it is refused
 */
public record BuilderSetting<B>(String method, Effect effect, Consumer<B> set, String... words) {

    /** What it does. */
    public enum Effect {
        TRAINS_OTHERWISE,
        TRAINS_THE_SAME,
        REFUSED
    }

    public static <B> BuilderSetting<B> honoured(String method, Consumer<B> set) {
        return new BuilderSetting<>(method, Effect.TRAINS_OTHERWISE, set);
    }

    public static <B> BuilderSetting<B> indifferent(String method, Consumer<B> set) {
        return new BuilderSetting<>(method, Effect.TRAINS_THE_SAME, set);
    }

    public static <B> BuilderSetting<B> refused(String method, Consumer<B> set, String... words) {
        return new BuilderSetting<>(method, Effect.REFUSED, set, words);
    }

    @Override
    public String toString() {
        return method;
    }
}
