package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.dl4jgn.linalg.Buffers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph compiled for one set of shapes and one type: prepared native calls in order, on buffers allocated once.
 *
 * <p>Running a stage allocates nothing and checks nothing. Not safe for use by several threads at once. Closing a plan
 * frees its buffers and its prepared calls; what it was given stays its owner's, constants of the graph too.
 */
public final class ExecutionPlan implements AutoCloseable {

    private final Map<Stage, Program> stages;
    private final Map<String, INDArray> arrays;
    private final Map<String, INDArray> bound;
    private final Buffers buffers;

    ExecutionPlan(
            Map<Stage, Program> stages, Map<String, INDArray> arrays, Map<String, INDArray> bound, Buffers buffers) {
        this.stages = new EnumMap<>(stages);
        this.arrays = arrays;
        this.bound = bound;
        this.buffers = buffers;
    }

    /** Runs one stage; the caller has run the earlier stages that it reads from. */
    public void run(Stage stage) {
        program(stage).run();
    }

    /** The calls of a stage, for inspection. */
    public Program program(Stage stage) {
        Program program = stages.get(stage);
        if (program == null) {
            throw new IllegalStateException("Plan has no stage " + stage);
        }
        return program;
    }

    /**
     * The array that holds an output of the graph.
     *
     * @throws IllegalArgumentException if {@code name} was not declared as an output when the plan was compiled
     */
    public INDArray output(String name) {
        INDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no output of this plan; outputs are " + arrays.keySet());
        }
        return array;
    }

    /**
     * The array that input {@code name} is read from.
     *
     * @throws IllegalArgumentException if there is no such input
     */
    public INDArray input(String name) {
        INDArray array = bound.get(name);
        if (array == null) {
            throw new IllegalArgumentException("'" + name + "' is no input of this plan; inputs are " + bound.keySet());
        }
        return array;
    }

    /**
     * Lets the plan read input {@code name} from {@code array} from now on, without copying it.
     *
     * @throws IllegalArgumentException if the input is unknown or the array differs in shape, type or layout
     */
    public void bind(String name, INDArray array) {
        INDArray old = input(name);
        if (old == array) {
            return;
        }
        if (!old.equalShapes(array)
                || old.dataType() != array.dataType()
                || array.ordering() != 'c'
                || array.offset() != 0
                || array.data().length() != array.length()) {
            throw new IllegalArgumentException("Input '" + name + "' must be a dense c-order array of type "
                    + old.dataType() + " and shape " + Arrays.toString(old.shape()) + "; got "
                    + array.dataType() + " " + Arrays.toString(array.shape()) + " in order "
                    + array.ordering());
        }
        for (Program program : stages.values()) {
            program.rebind(old, array);
        }
        bound.put(name, array);
        arrays.replaceAll((output, held) -> held == old ? array : held);
    }

    /** Bytes of the buffers that this plan allocated. */
    public long bytes() {
        return buffers.bytes();
    }

    @Override
    public void close() {
        buffers.close();
    }
}
