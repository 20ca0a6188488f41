/* The commit protocol of docs/format/commit-objects.md on one target: two jobs that overwrite it, of which either may
 * die at any step, and healers who take any job for dead at any time, because a lease says nothing sure.
 * An upload may vanish while it is open, as lifecycle rules make it.
 *
 * BUG_* put one step wrong; each must be found.
 */
#ifndef MAX_CRASHES
#define MAX_CRASHES 2
#endif
#ifndef HEALERS
#define HEALERS 1
#endif

#define BASE 0
#define DECIDED 1
#define UNDONE 2
#define APPLIED 3
#define JOBS 2

#define NONE 0
#define OPEN 1
#define COMPLETED 2
#define ABORTED 3

byte head = BASE;
byte head_job = 0;
byte etag = 0;     /* another one after each put of HEAD */
bit intent[JOBS];  /* is there for all to see */
bit dead[JOBS];    /* named dead in HEAD */
byte upload[4];    /* two of each job */
bit object[4];     /* the new files, once completed */
bit old0 = 1, old1 = 1;
bit record[JOBS];
bit told_ok[JOBS];
bit told_no[JOBS]; /* a job has reported that nothing was changed */
byte crashes = 0;
byte running = 0;

#define NEW(j, i) object[2 * (j) + (i)]
#define UPLOAD(j, i) upload[2 * (j) + (i)]
#define OTHER(j) (1 - (j))
#define NOTHING_OF(j) (!NEW(j, 0) && !NEW(j, 1))
#define ALL_OF(j) (NEW(j, 0) && NEW(j, 1))

/* Our readers: what HEAD says, less what its record names, is whole and nothing else. */
#define OWN_IS_EXACT                                                                         \
  ((head == BASE && old0 && old1 && NOTHING_OF(0) && NOTHING_OF(1)) ||                       \
   ((head == DECIDED || head == UNDONE) && record[head_job] && old0 && old1 &&               \
    NOTHING_OF(OTHER(head_job))) ||                                                          \
   (head == APPLIED && ALL_OF(head_job) && NOTHING_OF(OTHER(head_job)) &&                    \
    (record[head_job] || (!old0 && !old1))))
/* Plain readers miss no old object before all new ones are there. */
#define PLAIN_MISSES_NOTHING ((old0 && old1) || ALL_OF(0) || ALL_OF(1))

#define LOOK assert(OWN_IS_EXACT && PLAIN_MISSES_NOTHING)

#define STEP(action)                             \
  atomic {                                       \
    action;                                      \
    LOOK;                                        \
    if                                           \
    :: crashes < MAX_CRASHES -> crashes++; goto gone \
    :: true                                      \
    fi                                           \
  }

/* Puts HEAD on the ETag `seen`, which becomes the new one; `won` says whether it took place. */
inline put_head(state, job) {
  if
  :: etag == seen -> head = state; head_job = job; etag++; seen = etag; won = 1
  :: else -> won = 0
  fi
}

inline complete(j, i) {
  if
  :: UPLOAD(j, i) == OPEN -> UPLOAD(j, i) = COMPLETED; NEW(j, i) = 1
  :: else -> if
             :: NEW(j, i) -> skip
             :: else -> lost = 1
             fi
  fi
}

inline abort_upload(j, i) {
  if
  :: UPLOAD(j, i) == OPEN || UPLOAD(j, i) == NONE -> UPLOAD(j, i) = ABORTED
  :: else -> skip
  fi
}

/* From the decision of job j, which is HEAD with the ETag `seen`, to the end; `won` is 0 where someone else was faster. */
inline carry_out(j) {
  lost = 0;
  /* In any order, and none after one is lost. */
  if
  :: first = 0
  :: first = 1
  fi;
  STEP(complete(j, first));
  if
  :: lost -> skip
  :: else -> STEP(complete(j, 1 - first))
  fi;
#ifdef BUG_UNCHECKED
  lost = 0;
#else
  STEP(if :: !ALL_OF(j) -> lost = 1 :: else -> skip fi);
#endif
  if
  :: lost -> STEP(put_head(UNDONE, j));
             if
             :: won -> take_back(j)
             :: else -> skip
             fi;
             won = 0
  :: else ->
#ifdef BUG_DELETE_FIRST
             STEP(old0 = 0);
#endif
             STEP(put_head(APPLIED, j));
             if
             :: won -> clean_up(j)
             :: else -> skip
             fi
  fi
}

inline clean_up(j) {
#ifdef BUG_RECORD_FIRST
  STEP(record[j] = 0);
#endif
  STEP(old0 = 0);
  STEP(old1 = 0);
  STEP(record[j] = 0)
}

inline take_back(j) {
#ifdef BUG_NO_ABORT
  skip;
#else
  STEP(abort_upload(j, 0));
  STEP(abort_upload(j, 1));
#endif
  STEP(NEW(j, 0) = 0);
  STEP(NEW(j, 1) = 0);
  STEP(put_head(BASE, 0));
  if
  :: won -> STEP(record[j] = 0)
  :: else -> skip
  fi
}

proctype Job(byte j) {
  byte seen;
  bit won = 0, lost = 0, first = 0;

  STEP(intent[j] = 1);
  atomic {
    if
    :: head == BASE && !dead[j] -> seen = etag
    :: else -> goto refused
    fi
  };
  STEP(if :: UPLOAD(j, 0) == NONE -> UPLOAD(j, 0) = OPEN :: else -> skip fi);
  STEP(if :: UPLOAD(j, 1) == NONE -> UPLOAD(j, 1) = OPEN :: else -> skip fi);
  STEP(record[j] = 1);
decide:
#ifdef BUG_UNCONDITIONAL
  STEP(seen = etag; put_head(DECIDED, j));
#else
  STEP(put_head(DECIDED, j));
#endif
  if
  :: !won -> atomic {
               /* A healer may have named another job dead, which is no reason to give up. */
               if
               :: head == BASE && !dead[j] -> seen = etag; goto decide
               :: else -> goto refused
               fi
             }
  :: else -> skip
  fi;
  carry_out(j);
  atomic {
    if
    :: won || (head == APPLIED && head_job == j) -> told_ok[j] = 1
    :: else -> if
               :: head == BASE -> told_no[j] = 1
               :: head == UNDONE && head_job == j -> told_no[j] = 1
               :: else -> skip /* not known: it says so */
               fi
    fi
  };
  goto gone;
refused:
  atomic { told_no[j] = 1 };
  if
  :: head_job == j && head != BASE -> skip
  :: else -> STEP(abort_upload(j, 0)); STEP(abort_upload(j, 1)); STEP(record[j] = 0)
  fi;
gone:
  running--
}

/* One who begins on the target: it carries out or takes back what HEAD says, whoever decided it, and
 * removes what dead jobs left. */
inline heal() {
  atomic { seen = etag; state = head; j = head_job };
  if
  :: state == DECIDED -> carry_out(j)
  :: state == UNDONE -> take_back(j)
  :: state == APPLIED -> if
                         :: record[j] -> clean_up(j)
                         :: else -> skip
                         fi
  :: else -> skip
  fi;
  /* Jobs that are not in HEAD are taken for dead, or not. */
  atomic { seen = etag; state = head; j = head_job };
  if
  :: state == BASE || (state == APPLIED && !record[j]) ->
     if
     :: victim = 0
     :: victim = 1
     fi;
     if
     :: !intent[victim] || (state == APPLIED && victim == j) -> skip
     :: else ->
#ifdef BUG_NO_FENCE
        atomic { won = 1 };
#else
        STEP(if :: etag == seen -> dead[victim] = 1; etag++; won = 1 :: else -> won = 0 fi);
#endif
        if
        :: won -> STEP(abort_upload(victim, 0));
                  STEP(abort_upload(victim, 1));
                  STEP(record[victim] = 0)
        :: else -> skip
        fi
     fi
  :: else -> skip
  fi
}

proctype Healer() {
  byte seen, state, j, victim;
  bit won = 0, lost = 0, first = 0;
  heal();
gone:
  running--
}

proctype Rules() {
  atomic {
    if
    :: UPLOAD(0, 1) == OPEN -> UPLOAD(0, 1) = ABORTED
    :: true
    fi
  }
}

init {
  byte seen, state, j, victim, round;
  bit won = 0, lost = 0, first = 0;
  atomic {
    running = 2 + HEALERS;
    run Job(0);
    run Job(1);
    run Rules();
    j = 0;
    do
    :: j < HEALERS -> run Healer(); j++
    :: else -> break
    od
  };
  running == 0;
  crashes = MAX_CRASHES;
  /* All are gone: one recovery that is not disturbed leaves exactly one data set, and nothing else. */
  for (round : 1 .. 4) {
    heal()
  };
gone:
  assert(head == BASE || head == APPLIED);
  assert(head != BASE || (old0 && old1 && NOTHING_OF(0) && NOTHING_OF(1)));
  assert(head != APPLIED || (!old0 && !old1 && ALL_OF(head_job) && NOTHING_OF(OTHER(head_job)) && !record[head_job]));
  assert(!told_ok[0] || (head == APPLIED && head_job == 0));
  assert(!told_ok[1] || (head == APPLIED && head_job == 1));
  assert(!told_no[0] || head != APPLIED || head_job != 0);
  assert(!told_no[1] || head != APPLIED || head_job != 1)
}
