package org.dl4jgn.conf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a training remembers from step to step, so that it can be saved and go on: each component of an optimizer declares
 * its numbers and its vectors of the parameters' length by name.
 *
 * <p>The layout is a function of the settings. It is written beside the values, so that a state of other components is
 * told from one's own, and refused in words.
 *
 * @param components at most one for each role
 */
public record StateLayout(List<Component> components) {

    /** Numbers that there is room for. */
    public static final int MAX_NUMBERS = 64;

    /** Checks that there is room, and that roles differ. */
    public StateLayout {
        components = List.copyOf(components);
        Set<String> roles = new HashSet<>();
        int numbers = 0;
        for (Component component : components) {
            if (!roles.add(component.role)) {
                throw new IllegalArgumentException("Two components declare state as " + component.role + ": "
                        + components + "; each role can be played by one");
            }
            numbers += component.numbers.size();
        }
        if (numbers > MAX_NUMBERS) {
            throw new IllegalArgumentException(
                    "The state has " + numbers + " numbers, but must have at most " + MAX_NUMBERS + ": " + components);
        }
    }

    /**
     * What one component remembers.
     *
     * @param role what it is in the optimizer, such as "damping"
     * @param type which one it is, such as the name of its class; another one cannot go on from this state
     * @param numbers names of its numbers, in order
     * @param vectors names of its vectors of the parameters' length, in order
     */
    public record Component(String role, String type, List<String> numbers, List<String> vectors) {

        /** Checks that names differ. */
        public Component {
            numbers = List.copyOf(numbers);
            vectors = List.copyOf(vectors);
            requireDistinct(role, numbers);
            requireDistinct(role, vectors);
        }

        private static void requireDistinct(String role, List<String> names) {
            if (new HashSet<>(names).size() < names.size()) {
                throw new IllegalArgumentException(
                        "The state of the " + role + " has names " + names + ", but they must differ");
            }
        }

        @Override
        public String toString() {
            return (role + " " + type).strip() + " (" + String.join(", ", numbers)
                    + (vectors.isEmpty() ? "" : "; vectors " + String.join(", ", vectors)) + ")";
        }
    }

    /** The component that plays a role. */
    public Component component(String role) {
        return components.stream()
                .filter(c -> c.role.equals(role))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No " + role + " in " + this));
    }

    /** How many vectors there are. */
    public int vectors() {
        return components.stream().mapToInt(c -> c.vectors.size()).sum();
    }

    /** The components in words. */
    @Override
    public String toString() {
        return components.stream().map(Component::toString).collect(Collectors.joining("; "));
    }
}
