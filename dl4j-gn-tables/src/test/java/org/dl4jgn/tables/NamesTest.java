package org.dl4jgn.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NamesTest {

    private static final List<String> NAMES = List.of("price", "size", "age");

    @Test
    void theNearestIsTheOneWithTheFewestLettersToChange() {
        assertEquals(Optional.of("price"), Names.nearest("prise", NAMES));
        assertEquals(Optional.of("price"), Names.nearest(" PRICE", NAMES));
        assertEquals(Optional.of("age"), Names.nearest("aged", NAMES));
        assertEquals(Optional.of("size"), Names.nearest("szie", NAMES));
        assertEquals(Optional.of("age"), Names.nearest("gae", NAMES));
        assertEquals(Optional.empty(), Names.nearest("colour", NAMES));
        assertEquals(Optional.empty(), Names.nearest("", NAMES));
    }

    @Test
    void aListQuotesWhatWouldBeReadAsTwo() {
        assertEquals("a, \"b, c\", \" d\", \"e\"\"f\"", Names.list(List.of("a", "b, c", " d", "e\"f")));
        String many = Names.list(IntStream.range(0, 40).mapToObj(i -> "c" + i).toList());
        assertEquals(true, many.endsWith("c29 and 10 more"));
    }
}
