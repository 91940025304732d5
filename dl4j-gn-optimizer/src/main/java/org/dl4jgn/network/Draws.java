package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.plan.Views;
import org.dl4jgn.translate.NoiseSeed;
import org.dl4jgn.translate.NoiseSlot;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;

/**
 * The random inputs of a compiled network: dropout masks and the like, held fixed until they are drawn again.
 *
 * <p>What is drawn for an example is a function of the iteration's seed and of the example's place in the mini-batch. So the
 * examples are drawn for in blocks, each with a seed of its own: some of them, wherever they are, have what they would have
 * among all.
 */
final class Draws implements AutoCloseable {

    /** Numbers of a block, at most if there are several examples: drawing them, 2.5 ns each, takes as long as the call. */
    private static final long BLOCK = 8192;

    private static final long MOST_EXAMPLES = 256;

    private final DataType type;
    private final long examples;
    private final Buffers buffers = new Buffers();
    private final Map<String, INDArray> arrays = new LinkedHashMap<>();
    private final List<Draw> draws = new ArrayList<>();

    /** For batches of so many examples. */
    Draws(DataType type, long examples) {
        this.type = type;
        this.examples = examples;
    }

    /** Takes on more of them; returns their arrays by name. */
    Map<String, INDArray> add(List<NoiseSlot> slots) {
        Map<String, INDArray> added = new LinkedHashMap<>();
        for (NoiseSlot slot : slots) {
            List<INDArray> drawn = new ArrayList<>();
            for (String name : slot.variables()) {
                INDArray array = buffers.allocate(type, slot.shape());
                added.put(name, array);
                drawn.add(array);
            }
            draws.add(
                    slot.scope() == NoiseSlot.Scope.EXAMPLE
                            ? new DrawOfExamples(slot, drawn)
                            : new Draw(slot, drawn, draws.size()));
        }
        arrays.putAll(added);
        return added;
    }

    boolean isDrawn(String name) {
        return arrays.containsKey(name);
    }

    boolean isEmpty() {
        return draws.isEmpty();
    }

    /** Whether all of it is the same for an example wherever the other examples of its mini-batch are. */
    boolean isOfExamples() {
        return draws.stream().allMatch(draw -> draw.slot.scope() != NoiseSlot.Scope.BATCH);
    }

    /**
     * Draws all anew.
     *
     * @param random whose state is lost
     * @param seed the iteration's
     * @param first place of the first of the examples in the mini-batch that they belong to
     */
    void draw(Random random, long seed, long first, int iteration, int epoch) {
        Moment moment = new Moment(random, seed, iteration, epoch);
        draws.forEach(draw -> draw.draw(moment, first));
    }

    @Override
    public void close() {
        buffers.close();
    }

    /** What all draws of a step have in common. */
    private record Moment(Random random, long seed, int iteration, int epoch) {}

    /** What is drawn at once. */
    private static class Draw {

        final NoiseSlot slot;
        final List<INDArray> whole;
        private final int number;

        Draw(NoiseSlot slot, List<INDArray> whole, int number) {
            this.slot = slot;
            this.whole = whole;
            this.number = number;
        }

        void draw(Moment moment, long first) {
            draw(whole, moment, 0);
        }

        final void draw(List<INDArray> targets, Moment moment, long block) {
            moment.random.setSeed(NoiseSeed.of(moment.seed, number, block));
            slot.sampler().draw(targets, moment.random, moment.iteration, moment.epoch);
        }
    }

    /** What is drawn in blocks. */
    private final class DrawOfExamples extends Draw {

        private final long perBlock;
        private final long[] blockShape;
        private final long length;
        private final List<INDArray> scratch = new ArrayList<>();
        private List<Block> blocks = List.of();
        private long blocksFrom;

        DrawOfExamples(NoiseSlot slot, List<INDArray> whole) {
            super(slot, whole, draws.size());
            long[] shape = slot.shape();
            if (shape[0] % examples != 0) {
                throw new IllegalArgumentException("Noise of shape " + Arrays.toString(shape)
                        + " is not of " + examples + " examples: the first dimension must count their rows. Declare"
                        + " noise on parameters by GraphWriter.parameterNoise");
            }
            length = whole.get(0).length() / examples;
            perBlock = Math.min(MOST_EXAMPLES, Long.highestOneBit(Math.max(1, BLOCK / length)));
            blockShape = shape.clone();
            blockShape[0] = shape[0] / examples * perBlock;
            whole.forEach(array -> scratch.add(buffers.allocate(type, blockShape)));
        }

        @Override
        void draw(Moment moment, long first) {
            if (blocks.isEmpty() || first != blocksFrom) {
                blocks = blocks(first);
                blocksFrom = first;
            }
            for (Block block : blocks) {
                draw(block.drawn, moment, block.number);
                for (int i = 0; i < block.from.size(); i++) {
                    block.to.get(i).assign(block.from.get(i));
                }
            }
        }

        /** Those that have examples from {@code first} on; what is drawn for others goes nowhere. */
        private List<Block> blocks(long first) {
            List<Block> all = new ArrayList<>();
            long end = first + examples;
            for (long number = first / perBlock; number * perBlock < end; number++) {
                long begin = number * perBlock;
                long from = Math.max(begin, first);
                long count = Math.min(begin + perBlock, end) - from;
                if (count == perBlock) {
                    all.add(new Block(number, parts(whole, from - first, blockShape), List.of(), List.of()));
                } else {
                    long elements = count * length;
                    all.add(new Block(
                            number,
                            scratch,
                            parts(scratch, from - begin, elements),
                            parts(whole, from - first, elements)));
                }
            }
            return all;
        }

        /** Views of arrays, from an example on. */
        private List<INDArray> parts(List<INDArray> arrays, long example, long... shape) {
            return arrays.stream()
                    .map(array -> Views.part(Views.reshape(array, array.length()), example * length, shape))
                    .toList();
        }
    }

    /**
     * Examples that are drawn for together.
     *
     * @param drawn what is drawn
     * @param from what of it is needed, if not all
     * @param to where that belongs
     */
    private record Block(long number, List<INDArray> drawn, List<INDArray> from, List<INDArray> to) {}
}
