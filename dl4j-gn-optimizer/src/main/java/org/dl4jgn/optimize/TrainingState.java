package org.dl4jgn.optimize;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.curvature.Span;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What training remembers from step to step, kept in DL4J's updater state so that it is saved, restored and cloned.
 *
 * <p>Layout: {@value GaussNewtonUpdater#HEADER} elements of counters, then vectors of the trained parameters' length. A
 * counter or double is stored as four 16-bit integers, which float and double arrays both hold exactly.
 *
 * <p>Where all parameters are trained, the vectors are views of the array. Else, as DL4J has no room in it for running
 * statistics of batch normalization, they are copies with zeros there.
 */
final class TrainingState {

    private static final long FORMAT = 2;
    private static final int CHUNKS = 4;
    private static final int FORMAT_SLOT = 0;
    private static final int STEPS = 1;
    private static final int DAMPING = 2;
    private static final int DAMPING_FIRST = 3;
    private static final int ITERATIONS = 4;
    private static final int REJECTIONS = 5;
    private static final int FLAGS = 6;
    private static final int FIRST_TRIAL = 7;
    private static final int DAMPING_SECOND = 8;
    private static final int PROMISED = 9;
    private static final int PACE = 10;
    private static final int PACE_ACTUAL = 11;
    private static final int PACE_PROMISED = 12;
    private static final int AVERAGED = 13;
    private static final int FINGERPRINT = 14;

    private static final long WARM = 1;
    private static final long PRECISE = 2;
    private static final long REMEMBERS = 4;

    private final INDArray view;
    private final INDArray[] vectors;
    private final GaussNewtonUpdater settings;
    private final List<Part> copied = new ArrayList<>();

    /** A part of a vector and its place in the array. */
    private record Part(INDArray vector, INDArray stored) {}

    /** Steps taken, accepted or not. */
    long steps;

    Damping.State damping;

    /** Iterations a step, where they adapt; 0 before the first step. */
    long iterations;

    /** Rejected steps in a row. */
    long rejections;

    /** Whether there is a previous direction to start from. */
    boolean warm;

    /** Whether the linear systems of this run need float64 although the network is of float32. */
    boolean precise;

    /** Length from which the next line search starts; 0 for the learning rate. */
    double firstTrial;

    /** Whether there is a direction for projected momentum to remember. */
    boolean remembers;

    /** How boldly training goes, where that is adapted. */
    Pace.@Nullable State pace;

    /** How many iterates are in the average, where there is one. */
    long averaged;

    /** 1-norm of the network's parameters as the last step left them, where they are an average. */
    double fingerprint;

    /** Reduction of the loss that the last step predicted for itself, if it was accepted and is to be validated; else 0. */
    double promised;

    /**
     * Binds to the state array of DL4J's updater.
     *
     * @param settings for how many vectors it holds
     * @param at the network, for their length d and for what of it is trained
     */
    TrainingState(INDArray view, GaussNewtonUpdater settings, LinearizedNetwork at) {
        this.view = view;
        this.settings = settings;
        int vectorCount = settings.stateVectors();
        vectors = new INDArray[vectorCount];
        List<Span> trained = at.trained();
        boolean whole = trained.stream().mapToLong(Span::length).sum() == at.parameterCount();
        INDArray flat = view.reshape(view.length());
        long from = settings.header();
        for (int i = 0; i < vectorCount; i++) {
            if (whole) {
                vectors[i] = new Span(from, at.parameterCount()).of(flat);
                from += at.parameterCount();
                continue;
            }
            vectors[i] = at.newVector();
            for (Span span : trained) {
                copied.add(new Part(span.of(vectors[i]), new Span(from, span.length()).of(flat)));
                from += span.length();
            }
        }
        damping = settings.damping().initial();
    }

    /**
     * Reads the array, which is the truth: DL4J may have written to it since the last step.
     *
     * @throws IllegalStateException if something else wrote it
     */
    void load() {
        Damping rule = settings.damping();
        copied.forEach(part -> Vectors.copy(part.stored, part.vector));
        long format = readLong(FORMAT_SLOT);
        if (format != 0 && format != FORMAT) {
            throw new IllegalStateException("The updater state was not written by this version of Sgn or Egn (format "
                    + format + ", expected " + FORMAT + "). Restore the model without its updater state.");
        }
        steps = readLong(STEPS);
        damping = format == 0
                ? rule.initial()
                : new Damping.State(readDouble(DAMPING), readDouble(DAMPING_FIRST), readDouble(DAMPING_SECOND));
        iterations = readLong(ITERATIONS);
        rejections = readLong(REJECTIONS);
        warm = (readLong(FLAGS) & WARM) != 0;
        precise = (readLong(FLAGS) & PRECISE) != 0;
        remembers = (readLong(FLAGS) & REMEMBERS) != 0;
        firstTrial = readDouble(FIRST_TRIAL);
        promised = readDouble(PROMISED);
        Pace rule2 = settings.pace();
        if (rule2 != null) {
            pace = format == 0
                    ? rule2.initial()
                    : new Pace.State(readDouble(PACE), readDouble(PACE_ACTUAL), readDouble(PACE_PROMISED));
        }
        if (settings.averaging() > 0) {
            averaged = readLong(AVERAGED);
            fingerprint = readDouble(FINGERPRINT);
        }
    }

    INDArray view() {
        return view;
    }

    GaussNewtonUpdater settings() {
        return settings;
    }

    /** The i-th persisted vector, of length d; written to the array by {@link #save}. */
    INDArray vector(int i) {
        return vectors[i];
    }

    /** θ before the last step, where steps are validated. */
    INDArray previous() {
        return vectors[vectors.length - 1];
    }

    /** θ after the last step, where the network's parameters are an average. */
    INDArray iterate() {
        return vectors[vectors.length - 1 - (settings.isValidated() ? 1 : 0)];
    }

    /** Δ of the last accepted step, where momentum is projected. */
    INDArray lastDirection() {
        return vectors[vectors.length - 1 - (settings.isValidated() ? 1 : 0) - (settings.averaging() > 0 ? 1 : 0)];
    }

    /** Writes everything to the array. */
    void save() {
        copied.forEach(part -> Vectors.copy(part.vector, part.stored));
        write(FORMAT_SLOT, FORMAT);
        write(STEPS, steps);
        write(DAMPING, Double.doubleToLongBits(damping.value()));
        write(DAMPING_FIRST, Double.doubleToLongBits(damping.first()));
        write(DAMPING_SECOND, Double.doubleToLongBits(damping.second()));
        write(ITERATIONS, iterations);
        write(REJECTIONS, rejections);
        write(FLAGS, (warm ? WARM : 0) | (precise ? PRECISE : 0) | (remembers ? REMEMBERS : 0));
        write(FIRST_TRIAL, Double.doubleToLongBits(firstTrial));
        write(PROMISED, Double.doubleToLongBits(promised));
        if (pace != null) {
            write(PACE, Double.doubleToLongBits(pace.value()));
            write(PACE_ACTUAL, Double.doubleToLongBits(pace.actual()));
            write(PACE_PROMISED, Double.doubleToLongBits(pace.promised()));
        }
        if (settings.averaging() > 0) {
            write(AVERAGED, averaged);
            write(FINGERPRINT, Double.doubleToLongBits(fingerprint));
        }
    }

    private double readDouble(int slot) {
        return Double.longBitsToDouble(readLong(slot));
    }

    private long readLong(int slot) {
        long bits = 0;
        for (int i = 0; i < CHUNKS; i++) {
            bits = bits << 16 | view.data().getLong((long) slot * CHUNKS + i) & 0xFFFF;
        }
        return bits;
    }

    private void write(int slot, long bits) {
        for (int i = 0; i < CHUNKS; i++) {
            view.data().put((long) slot * CHUNKS + i, (double) (bits >>> 16 * (CHUNKS - 1 - i) & 0xFFFF));
        }
    }
}
