package org.dl4jgn.optimize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Memorization;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.StateLayout;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What training remembers from step to step, kept in DL4J's updater state so that it is saved, restored and cloned: the
 * slots that each component of the optimizer declares.
 *
 * <p>Where all parameters are trained, the vectors are views of the state array. Else, as DL4J has no room in it for running
 * statistics of batch normalization, they are copies with zeros there.
 */
public final class TrainingState implements AutoCloseable {

    private final StateArray array;
    private final StateLayout layout;
    private final Map<String, Slots> slots = new LinkedHashMap<>();
    private final List<Part> copied = new ArrayList<>();
    private final List<Span> trained;
    private final Buffers buffers = new Buffers();

    /** A part of a vector and its place in the array. */
    private record Part(INDArray vector, INDArray stored) {}

    /**
     * Binds to a state array; {@link #load} reads it.
     *
     * @param view the array, of {@value GaussNewtonUpdater#HEADER} elements and the vectors' at least
     * @param layout what is in it
     * @param trained the parts of the parameter vector that are trained, in order
     * @param dimension d
     * @throws IllegalStateException if the array is too short
     */
    public TrainingState(INDArray view, StateLayout layout, List<Span> trained, long dimension) {
        this.layout = layout;
        this.trained = List.copyOf(trained);
        long length = trained.stream().mapToLong(Span::length).sum();
        array = new StateArray(view, layout, length);
        INDArray flat = view.reshape(view.length());
        long from = GaussNewtonUpdater.HEADER;
        for (StateLayout.Component component : layout.components()) {
            List<INDArray> vectors = new ArrayList<>();
            for (int i = 0; i < component.vectors().size(); i++) {
                vectors.add(
                        length == dimension
                                ? new Span(from, length).of(flat)
                                : copy(flat, from, trained, view.dataType(), dimension));
                from += length;
            }
            slots.put(component.role(), new Slots(component, vectors));
        }
    }

    private INDArray copy(INDArray flat, long start, List<Span> trained, DataType type, long dimension) {
        INDArray vector = buffers.allocate(type, dimension);
        vector.assign(0.0);
        long from = start;
        for (Span span : trained) {
            copied.add(new Part(span.of(vector), new Span(from, span.length()).of(flat)));
            from += span.length();
        }
        return vector;
    }

    /** Whether this is the state in that array, with that layout. */
    public boolean isOf(INDArray view, StateLayout other) {
        return array.view() == view && layout.equals(other);
    }

    /**
     * Reads the array, which is the truth: DL4J may have written to it since the last step.
     *
     * @param rule the damping rule, for its initial state where the array is new
     * @throws IllegalStateException if something else wrote it; the message says what is expected, and what was found
     */
    public void load(Damping rule) {
        copied.forEach(part -> Vectors.copy(part.stored, part.vector));
        if (!array.read(slots.values())) {
            setDamping(rule.initial());
        }
    }

    /** Writes everything to the array. */
    public void save() {
        copied.forEach(part -> Vectors.copy(part.vector, part.stored));
        array.write(slots.values());
    }

    private Slots of(String role) {
        Slots found = slots.get(role);
        if (found == null) {
            throw new IllegalArgumentException("No " + role + " in the state: " + layout);
        }
        return found;
    }

    /** What the direction declared. */
    public Slots direction() {
        return of(GaussNewtonUpdater.DIRECTION);
    }

    /** Steps taken, accepted or not. */
    public long steps() {
        return (long) of(GaussNewtonUpdater.STEPS).number("steps");
    }

    /** Rejected or invalid steps in a row. */
    public long rejections() {
        return (long) of(GaussNewtonUpdater.STEPS).number("rejections");
    }

    void countStep() {
        of(GaussNewtonUpdater.STEPS).set("steps", steps() + 1.0);
    }

    void setRejections(long count) {
        of(GaussNewtonUpdater.STEPS).set("rejections", count);
    }

    Damping.State damping() {
        return new Damping.State(of(GaussNewtonUpdater.DAMPING).numbers());
    }

    void setDamping(Damping.State state) {
        of(GaussNewtonUpdater.DAMPING).setNumbers(state.numbers());
    }

    /** What the line search remembers. */
    List<Double> search() {
        return of(GaussNewtonUpdater.LINE_SEARCH).numbers();
    }

    void setSearch(List<Double> remembered) {
        of(GaussNewtonUpdater.LINE_SEARCH).setNumbers(remembered);
    }

    /** Whether damping or pace are validated by the next mini-batch, so that the two below are there. */
    boolean isValidated() {
        return slots.containsKey(GaussNewtonUpdater.VALIDATION);
    }

    /** Copies the trained parameters of a vector of this state; others, running statistics, have no room in one. */
    void readTrained(INDArray stored, INDArray theta) {
        forTrained(span -> Vectors.copy(span.of(stored), span.of(theta)));
    }

    /** Whether all parameters are trained. */
    boolean isAllTrained() {
        return copied.isEmpty();
    }

    /** ‖θ‖₂ of the parameters that are trained: neither running statistics nor what is frozen count. */
    double normOfTrained(INDArray theta) {
        return trained.stream()
                .mapToDouble(span -> Vectors.norm2(span.of(theta)))
                .reduce(0, Math::hypot);
    }

    /** For each part of the parameters that is trained: in most networks one, all of them. */
    void forTrained(Consumer<Span> action) {
        trained.forEach(action);
    }

    /** Whether the damping hears of the last direction's sensitivity to it, so that the two below are there. */
    boolean isSensed() {
        return slots.containsKey(GaussNewtonUpdater.SENSITIVITY);
    }

    /** (g + αHΔ)ᵀw of the last step, negative if there is anything to hear. */
    double predictedChange() {
        return isSensed() ? of(GaussNewtonUpdater.SENSITIVITY).number("predicted") : 0;
    }

    void setPredictedChange(double change) {
        if (isSensed()) {
            of(GaussNewtonUpdater.SENSITIVITY).set("predicted", change);
        }
    }

    /** w of the last step. */
    INDArray sensitivity() {
        return of(GaussNewtonUpdater.SENSITIVITY).vector("change");
    }

    /** What the pace remembers. */
    Pace.State pace(Pace rule) {
        Pace.State stored = Pace.State.of(of(GaussNewtonUpdater.PACE).numbers());
        return stored.value() > 0 ? stored : rule.initial();
    }

    void setPace(Pace.State pace) {
        of(GaussNewtonUpdater.PACE).setNumbers(pace.numbers());
    }

    /** Whether steps are short since examples were learnt by heart. */
    public boolean isHeld(GaussNewtonUpdater settings) {
        Pace rule = settings.pace();
        return rule != null && rule.isHeld(pace(rule));
    }

    /** What tells whether examples are learnt by heart, where there is a pace. */
    Memorization memorization() {
        return Memorization.of(of(GaussNewtonUpdater.MEMORIZATION).numbers());
    }

    void setMemorization(Memorization memorization) {
        of(GaussNewtonUpdater.MEMORIZATION).setNumbers(memorization.numbers());
    }

    /** Whether there is a direction that projected momentum can go on from. */
    boolean remembersDirection() {
        return slots.containsKey(GaussNewtonUpdater.PROJECTION)
                && of(GaussNewtonUpdater.PROJECTION).number("remembers") != 0;
    }

    /** Δ of the last accepted step. */
    INDArray lastDirection() {
        return of(GaussNewtonUpdater.PROJECTION).vector("last");
    }

    /** Δ becomes the last direction. */
    void rememberDirection(INDArray delta) {
        if (slots.containsKey(GaussNewtonUpdater.PROJECTION)) {
            Vectors.copy(delta, lastDirection());
            of(GaussNewtonUpdater.PROJECTION).set("remembers", 1);
        }
    }

    void forgetDirection() {
        if (slots.containsKey(GaussNewtonUpdater.PROJECTION)) {
            of(GaussNewtonUpdater.PROJECTION).set("remembers", 0);
        }
    }

    /** Iterates in the average. */
    double averaged() {
        return of(GaussNewtonUpdater.AVERAGE).number("count");
    }

    void setAveraged(double count) {
        of(GaussNewtonUpdater.AVERAGE).set("count", count);
    }

    /** The last iterate. */
    INDArray iterate() {
        return of(GaussNewtonUpdater.AVERAGE).vector("iterate");
    }

    /** Whether x is as it was written. */
    boolean isFingerprint(INDArray x) {
        return Vectors.norm1(x) == of(GaussNewtonUpdater.AVERAGE).number("fingerprint");
    }

    void setFingerprint(INDArray x) {
        of(GaussNewtonUpdater.AVERAGE).set("fingerprint", Vectors.norm1(x));
    }

    /** Reduction of the loss that the last step predicted for itself, if it was accepted and is to be validated; else 0. */
    double promised() {
        return isValidated() ? of(GaussNewtonUpdater.VALIDATION).number("promised") : 0;
    }

    void setPromised(double reduction) {
        if (isValidated()) {
            of(GaussNewtonUpdater.VALIDATION).set("promised", reduction);
        }
    }

    /** What the last step's mini-batch is told from others by. */
    double markOfPrevious() {
        return of(GaussNewtonUpdater.VALIDATION).number("loss");
    }

    void setMarkOfPrevious(double mark) {
        of(GaussNewtonUpdater.VALIDATION).set("loss", mark);
    }

    /** θ before the last step. Of what is not trained a resumed training knows nothing here. */
    INDArray previous() {
        return of(GaussNewtonUpdater.VALIDATION).vector("previous");
    }

    /** The same, with what is not trained, the centers of a center loss, as it is in {@code theta}; in {@code room}, if need be. */
    INDArray previous(INDArray theta, INDArray room) {
        if (isAllTrained()) {
            return previous();
        }
        Vectors.copy(theta, room);
        readTrained(previous(), room);
        return room;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
