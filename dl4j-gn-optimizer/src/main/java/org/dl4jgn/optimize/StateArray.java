package org.dl4jgn.optimize;

import java.util.Collection;
import java.util.List;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.StateLayout;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers in the first {@value GaussNewtonUpdater#HEADER} elements of a state array, with the names they go by.
 *
 * <p>A 64-bit number is stored as four 16-bit integers, and a character as one, which float and double arrays both hold
 * exactly. In order: the format's version, 0 in a new array; a fingerprint of the layout; the numbers; the layout in words,
 * behind its length, as much of it as there is room for.
 */
final class StateArray {

    private static final long FORMAT = 3;
    private static final int CHUNKS = 4;
    private static final int FORMAT_SLOT = 0;
    private static final int FINGERPRINT = 1;
    private static final int NUMBERS = 2;
    private static final int TEXT = CHUNKS * (NUMBERS + StateLayout.MAX_NUMBERS);

    private final INDArray view;
    private final DataBuffer data;
    private final StateLayout layout;
    private final String text;
    private final long fingerprint;

    StateArray(INDArray view, StateLayout layout, long vectorLength) {
        this.view = view;
        this.layout = layout;
        long needed = GaussNewtonUpdater.HEADER + layout.vectors() * vectorLength;
        if (view.length() < needed) {
            throw new IllegalStateException("The updater state has " + view.length()
                    + " elements, but these settings need at least " + needed + ", for " + layout
                    + ". Were they changed after the network was initialized? " + remedy());
        }
        data = view.data();
        String all = layout.toString();
        text = all.substring(0, Math.min(all.length(), GaussNewtonUpdater.HEADER - TEXT - 1));
        fingerprint = fingerprint(all);
    }

    private static String remedy() {
        return "Restore the model with the settings it was saved with, or without its updater state"
                + " (ModelSerializer.restoreMultiLayerNetwork(file, false)): momentum and damping then start anew.";
    }

    private static long fingerprint(String text) {
        long hash = 0xCBF29CE484222325L; // FNV-1a
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    INDArray view() {
        return view;
    }

    /**
     * Reads the numbers, or zeros from a new array.
     *
     * @return false if the array is new
     */
    boolean read(Collection<Slots> slots) {
        long format = bits(FORMAT_SLOT);
        if (format != 0 && format != FORMAT) {
            throw new IllegalStateException(
                    "The updater state was not written by this version of Sgn or Egn: its format is " + format
                            + ", expected " + FORMAT + ". " + remedy());
        }
        if (format != 0 && bits(FINGERPRINT) != fingerprint) {
            throw new IllegalStateException("The updater state is one of other settings. Found: " + foundText()
                    + ". Expected: " + layout + ". " + remedy());
        }
        int slot = NUMBERS;
        for (Slots of : slots) {
            Double[] numbers = new Double[of.component().numbers().size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Double.longBitsToDouble(bits(slot++));
            }
            of.setNumbers(List.of(numbers));
        }
        return format != 0;
    }

    void write(Collection<Slots> slots) {
        if (bits(FORMAT_SLOT) == 0) {
            write(FORMAT_SLOT, FORMAT);
            write(FINGERPRINT, fingerprint);
            data.put(TEXT, (double) text.length());
            for (int i = 0; i < text.length(); i++) {
                data.put(TEXT + 1L + i, (double) text.charAt(i));
            }
        }
        int slot = NUMBERS;
        for (Slots of : slots) {
            for (double number : of.numbers()) {
                write(slot++, Double.doubleToRawLongBits(number));
            }
        }
    }

    private String foundText() {
        int length = (int) Math.max(0, Math.min(data.getLong(TEXT), GaussNewtonUpdater.HEADER - TEXT - 1L));
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < length; i++) {
            found.append((char) data.getLong(TEXT + 1L + i));
        }
        return found.toString();
    }

    private long bits(int slot) {
        long bits = 0;
        for (int i = 0; i < CHUNKS; i++) {
            bits = bits << 16 | data.getLong((long) slot * CHUNKS + i) & 0xFFFF;
        }
        return bits;
    }

    private void write(int slot, long bits) {
        for (int i = 0; i < CHUNKS; i++) {
            data.put((long) slot * CHUNKS + i, (double) (bits >>> 16 * (CHUNKS - 1 - i) & 0xFFFF));
        }
    }
}
