package org.dl4jgn.translate;

import java.util.Arrays;
import org.dl4jgn.ops.IndexMap;

/**
 * The windows that a convolution or pooling layer moves over an array of any number of dimensions, channels last.
 *
 * @param input sizes of the input, without channels
 * @param channels channels of the input
 * @param kernel sizes of a window
 * @param stride steps between windows
 * @param dilation steps within a window
 * @param padding elements before the first
 * @param output number of windows in each dimension
 */
record Windows(long[] input, long channels, int[] kernel, int[] stride, int[] dilation, long[] padding, long[] output) {

    /** How the windows meet the borders. */
    enum Border {
        /** Given padding; what does not fill a window is left out. */
        TRUNCATE,
        /**
         * As {@link #TRUNCATE}, but where less than a stride is missing to the first window, it is what is there: DL4J's
         * division in pooling rounds towards zero.
         */
        CLIP,
        /** Given padding; windows have to fit. */
        STRICT,
        /** As many windows as elements, divided by the stride. */
        SAME,
        /** As {@link #SAME}, with all padding before the first element. */
        CAUSAL
    }

    /** The number of windows where none fits; only in an outline, where each dimension is looked at on its own. */
    static final long NO_FIT = -1;

    /**
     * Windows over an example.
     *
     * @throws GeometryException if no window fits, except in an outline
     */
    static Windows over(Activations over, int[] kernel, int[] stride, int[] dilation, int[] padding, Border border) {
        long[] shape = over.shape();
        int n = kernel.length;
        long[] input = Arrays.copyOf(shape, n);
        long[] before = new long[n];
        long[] output = new long[n];
        for (int i = 0; i < n; i++) {
            long extent = (kernel[i] - 1L) * dilation[i] + 1;
            if (border == Border.SAME || border == Border.CAUSAL) {
                output[i] = input[i] == NO_FIT ? NO_FIT : (input[i] + stride[i] - 1) / stride[i];
                long missing = (output[i] - 1) * stride[i] + extent - input[i];
                before[i] = border == Border.CAUSAL ? extent - 1 : missing / 2;
            } else {
                before[i] = padding[i];
                long free = input[i] + 2 * before[i] - extent;
                boolean fits = input[i] != NO_FIT
                        && free > (border == Border.CLIP ? -stride[i] : -1)
                        && (border != Border.STRICT || free % stride[i] == 0);
                if (!fits && !over.isOutline()) {
                    throw new GeometryException("windows of " + extent + " with stride " + stride[i] + " do not fit "
                            + input[i] + " elements with padding " + before[i]);
                }
                output[i] = fits ? free / stride[i] + 1 : NO_FIT;
            }
        }
        return new Windows(input, shape[n], kernel, stride, dilation, before, output);
    }

    /** Number of windows. */
    long count() {
        return product(output);
    }

    /** Elements of a window, without channels. */
    long size() {
        return Arrays.stream(kernel).asLongStream().reduce(1, (a, b) -> a * b);
    }

    /** The shape of an output with {@code channels} channels. */
    long[] outputShape(long channels) {
        long[] shape = Arrays.copyOf(output, output.length + 1);
        shape[output.length] = channels;
        return shape;
    }

    /** Window after window, in each the elements one after the other, each with all its channels: [windows, size, c]. */
    IndexMap patches() {
        int c = (int) channels;
        int size = (int) size();
        int count = (int) count();
        int[] sources = new int[Math.toIntExact((long) count * size * c)];
        for (int window = 0, at = 0; window < count; window++) {
            for (int element = 0; element < size; element++) {
                int position = position(window, element);
                for (int channel = 0; channel < c; channel++) {
                    sources[at++] = position == IndexMap.NONE ? IndexMap.NONE : position * c + channel;
                }
            }
        }
        return IndexMap.of(sources, product(input) * c);
    }

    /** As {@link #patches}, but each channel of a window on its own: [windows, c, size]. */
    IndexMap patchesByChannel() {
        int c = (int) channels;
        int size = (int) size();
        int count = (int) count();
        int[] sources = new int[Math.toIntExact((long) count * size * c)];
        for (int window = 0, at = 0; window < count; window++) {
            for (int channel = 0; channel < c; channel++) {
                for (int element = 0; element < size; element++) {
                    int position = position(window, element);
                    sources[at++] = position == IndexMap.NONE ? IndexMap.NONE : position * c + channel;
                }
            }
        }
        return IndexMap.of(sources, product(input) * c);
    }

    /** Elements of each window that are not padding. */
    long[] counts() {
        int size = (int) size();
        long[] counts = new long[Math.toIntExact(count())];
        for (int window = 0; window < counts.length; window++) {
            for (int element = 0; element < size; element++) {
                counts[window] += position(window, element) == IndexMap.NONE ? 0 : 1;
            }
        }
        return counts;
    }

    /** Whether a window holds padding alone. */
    boolean hasEmptyOnes() {
        for (int i = 0; i < kernel.length; i++) {
            for (long window = 0; window < output[i]; window++) {
                if (isEmpty(i, window * stride[i] - padding[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isEmpty(int dimension, long from) {
        for (int i = 0; i < kernel[dimension]; i++) {
            long at = from + (long) i * dilation[dimension];
            if (at >= 0 && at < input[dimension]) {
                return false;
            }
        }
        return true;
    }

    /** Where an element of a window is in the input, or {@link IndexMap#NONE} in the padding. */
    private int position(int window, int element) {
        int result = 0;
        int scale = 1;
        for (int i = kernel.length - 1; i >= 0; i--) {
            long at = window % output[i] * stride[i] + (long) (element % kernel[i]) * dilation[i] - padding[i];
            if (at < 0 || at >= input[i]) {
                return IndexMap.NONE;
            }
            result += (int) at * scale;
            scale *= (int) input[i];
            window /= (int) output[i];
            element /= kernel[i];
        }
        return result;
    }

    private static long product(long[] sizes) {
        return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    }
}
