/* The commit protocol of docs/format/commit-objects.md on one target: two jobs that overwrite it, one behind the other or both at
 * once, of which either may die at any step, and healers who take any job for dead at any time, because a lease says
 * nothing sure. One upload may vanish while it is open, as lifecycle rules make it. The target holds a commit
 * already, with its manifest; so there are up to three generations.
 *
 * With ONE_GENERATION no job begins on the other's commit; that leaves room for MAX_CRASHES. A healer who takes a living job for
 * dead does all that a crash allows others to do, so that there need be none to find the bugs.
 *
 * BUG_* put one step wrong; each must be found.
 */
#ifndef MAX_CRASHES
#define MAX_CRASHES 0
#endif
#ifndef HEALERS
#define HEALERS 1
#endif

#define DECIDED 1
#define UNDONE 2
#define APPLIED 3
#define JOBS 2
#define BASE 2 /* the job of the commit that is there at first */
#define NOBODY 3

#define NONE 0
#define OPEN 1
#define COMPLETED 2
#define ABORTED 3

/* HEAD: how far the commit of head_job has come. */
byte head = APPLIED;
byte head_job = BASE;
byte etag = 0;       /* another one after each put of HEAD */
bit dead[JOBS];      /* named dead in HEAD */
bit intent[JOBS];    /* is there for all to see */
byte upload[4];      /* two of each job */
bit object[6];       /* the files, once completed; the last two are those of BASE */
bit record[JOBS];
bit manifest[3];
byte before[JOBS];   /* whose commit a job replaces, as its record says */
bit has_begun = 0;
bit told_ok[JOBS];
bit told_no[JOBS];   /* a job has reported that nothing was changed */
byte crashes = 0;
byte vanished = 0;   /* uploads that a rule has aborted, which shows when they are to be completed */
byte running = 0;

#define FILE(j, i) object[2 * (j) + (i)]
#define UPLOAD(j, i) upload[2 * (j) + (i)]
#define OTHER(j) (1 - (j))
#define NOTHING_OF(j) (!FILE(j, 0) && !FILE(j, 1))
#define ALL_OF(j) (FILE(j, 0) && FILE(j, 1))
/* Neither j nor what j replaces. */
#define THIRD(j) (3 - (j) - before[j])
#define IS_COMMITTED(j) (head_job == (j) || (head_job == OTHER(j) && before[OTHER(j)] == (j)))

/* Our readers: what HEAD says, less what its record names, is whole and nothing else. */
#define OWN_IS_EXACT                                                                          \
  ((head == APPLIED && head_job == BASE && ALL_OF(BASE) && NOTHING_OF(0) && NOTHING_OF(1)) || \
   (head == APPLIED && head_job != BASE && ALL_OF(head_job) && NOTHING_OF(THIRD(head_job)) && \
    (record[head_job] || NOTHING_OF(before[head_job]))) ||                                    \
   (head != APPLIED && record[head_job] && ALL_OF(before[head_job]) &&                        \
    NOTHING_OF(THIRD(head_job))))
/* Plain readers miss no old object before all new ones are there. */
#define PLAIN_MISSES_NOTHING (ALL_OF(BASE) || ALL_OF(0) || ALL_OF(1))
/* What HEAD names, and what it may lead back to. */
#define MANIFESTS_ARE_THERE (manifest[head_job] && (head == APPLIED || manifest[before[head_job]]))

#define MAY_VANISH (vanished == 0)

#ifdef ONE_GENERATION
#define MAY_FOLLOW(j) ((j) == BASE)
#else
#define MAY_FOLLOW(j) ((j) == BASE || !record[j])
#endif

#define LOOK assert(OWN_IS_EXACT && PLAIN_MISSES_NOTHING && MANIFESTS_ARE_THERE)

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
  :: UPLOAD(j, i) == OPEN -> UPLOAD(j, i) = COMPLETED; FILE(j, i) = 1
  :: UPLOAD(j, i) == OPEN && i == 1 && MAY_VANISH -> UPLOAD(j, i) = ABORTED; vanished++; lost = 1
  :: else -> if
             :: FILE(j, i) -> skip
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

/* Removes what was there at first, belongs to no job with an intent, and is not named by HEAD at last. */
inline sweep(ended) {
  atomic {
    names = manifest[0] | (manifest[1] << 1) | (manifest[2] << 2) | (record[0] << 3) | (record[1] << 4)
  };
  atomic {
    if
    :: intent[0] && ended != 0 -> names = names & ~9
    :: else -> skip
    fi;
    if
    :: intent[1] && ended != 1 -> names = names & ~18
    :: else -> skip
    fi
  };
#ifndef BUG_SWEEPS_BY_OLD_HEAD
  atomic { state = head; j = head_job };
#endif
  if
#ifdef BUG_SWEEPS_WHILE_UNDECIDED
  :: true ->
#else
  :: state == APPLIED ->
#endif
     atomic {
       names = names & ~(1 << j);
       if
       :: j != BASE && ended != j -> names = names & ~(8 << j)
       :: else -> skip
       fi
     };
     STEP(if :: names & 1 -> manifest[0] = 0 :: else -> skip fi;
          if :: names & 2 -> manifest[1] = 0 :: else -> skip fi;
          if :: names & 4 -> manifest[2] = 0 :: else -> skip fi;
          if :: names & 8 -> record[0] = 0 :: else -> skip fi;
          if :: names & 16 -> record[1] = 0 :: else -> skip fi;
          names = 0)
  :: else -> names = 0
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
             STEP(FILE(before[j], 0) = 0);
#endif
             /* Whoever has not read HEAD since it was named dead goes on where its intent is there and its name is not. */
             atomic { keep0 = dead[0] && intent[0]; keep1 = dead[1] && intent[1] };
#ifdef BUG_FORGETS_THE_DEAD
             keep0 = 0;
             keep1 = 0;
#endif
             STEP(put_head(APPLIED, j); if :: won -> dead[0] = keep0; dead[1] = keep1 :: else -> skip fi);
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
  replaced = before[j];
  STEP(FILE(replaced, 0) = 0);
  STEP(FILE(replaced, 1) = 0);
  ending = j;
  sweep(ending)
}

inline take_back(j) {
#ifdef BUG_NO_ABORT
  skip;
#else
  STEP(abort_upload(j, 0));
  STEP(abort_upload(j, 1));
#endif
  STEP(FILE(j, 0) = 0);
  STEP(FILE(j, 1) = 0);
  STEP(put_head(APPLIED, before[j]); if :: won -> dead[j] = 1 :: else -> skip fi)
}

proctype Job(byte me) {
  byte seen, state, j, names, replaced, ending, began_on;
  bit won = 0, lost = 0, first = 0, keep0 = 0, keep1 = 0;

  /* Which of the two begins first makes no difference. */
  (me == 0 || has_begun);
  STEP(intent[me] = 1; has_begun = 1);
  atomic {
    if
    :: head == APPLIED && !dead[me] && MAY_FOLLOW(head_job) ->
         seen = etag; began_on = head_job
    :: else -> goto refused
    fi
  };
#ifndef BUG_GOES_ON_WITHOUT_INTENT
  /* Taken for dead before that, and a commit since has left its name out of HEAD. */
  atomic {
    if
    :: !intent[me] -> goto refused
    :: else -> skip
    fi
  };
#endif
  STEP(if :: UPLOAD(me, 0) == NONE -> UPLOAD(me, 0) = OPEN :: else -> skip fi;
       if :: UPLOAD(me, 1) == NONE -> UPLOAD(me, 1) = OPEN :: else -> skip fi);
  STEP(manifest[me] = 1);
  STEP(before[me] = began_on; record[me] = 1);
decide:
#ifdef BUG_UNCONDITIONAL
  STEP(seen = etag; put_head(DECIDED, me));
#else
  STEP(put_head(DECIDED, me));
#endif
  if
  :: !won -> atomic {
               /* A healer may have named another job dead, which is no reason to give up. */
               if
               :: head == APPLIED && head_job == began_on && !dead[me] -> seen = etag; goto decide
               :: else -> goto refused
               fi
             }
  :: else -> skip
  fi;
  carry_out(me);
  atomic {
    if
    :: won || (head == APPLIED && IS_COMMITTED(me)) -> told_ok[me] = 1
    :: else -> if
               :: head_job == began_on -> told_no[me] = 1
               :: head == UNDONE && head_job == me -> told_no[me] = 1
               :: else -> skip /* not known: it says so */
               fi
    fi
  };
  if
  :: won -> STEP(intent[me] = 0)
  :: else -> skip
  fi;
  goto gone;
refused:
  atomic { told_no[me] = 1 };
  if
  :: head_job == me -> skip
  :: else -> STEP(abort_upload(me, 0); abort_upload(me, 1));
             STEP(record[me] = 0; manifest[me] = 0);
             STEP(intent[me] = 0)
  fi;
gone:
  running--
}

/* One who begins on the target: it carries out or takes back what HEAD says, whoever decided it, and
 * removes what dead jobs left. */
inline heal() {
  atomic { seen = etag; state = head; j = head_job };
  if
  :: state == DECIDED -> dealt = j; carry_out(dealt)
  :: state == UNDONE -> dealt = j; take_back(dealt)
  :: state == APPLIED -> if
                         :: j != BASE && record[j] -> dealt = j; clean_up(dealt)
                         :: else -> skip
                         fi
  fi;
  /* Jobs that are not in HEAD are taken for dead, or not. */
  atomic { seen = etag; state = head; j = head_job };
  if
  :: state == APPLIED && (j == BASE || !record[j]) ->
     won = 1;
     if
     :: !intent[victim] -> skip
     :: else ->
#ifndef BUG_NO_FENCE
        STEP(if :: etag == seen -> dead[victim] = 1; etag++; won = 1 :: else -> won = 0 fi);
#endif
        if
        :: won -> STEP(abort_upload(victim, 0); abort_upload(victim, 1));
                  STEP(intent[victim] = 0)
        :: else -> skip
        fi
     fi;
     if
     :: won -> sweep(NOBODY)
     :: else -> skip
     fi
  :: else -> skip
  fi
}

proctype Healer() {
  byte seen, state, j, victim, names, replaced, ending, dealt;
  bit won = 0, lost = 0, first = 0, keep0 = 0, keep1 = 0;
  if
  :: victim = 0
  :: victim = 1
  fi;
  heal();
gone:
  running--
}

init {
  byte seen, state, j, victim, names, replaced, ending, dealt, round;
  bit won = 0, lost = 0, first = 0, keep0 = 0, keep1 = 0;
  atomic {
    object[4] = 1;
    object[5] = 1;
    manifest[BASE] = 1;
    running = 2 + HEALERS;
    run Job(0);
    run Job(1);
    j = 0;
    do
    :: j < HEALERS -> run Healer(); j++
    :: else -> break
    od
  };
  running == 0;
  crashes = MAX_CRASHES;
  /* All are gone: recoveries that are not disturbed leave exactly one data set, and nothing else. */
  for (round : 0 .. 5) {
    victim = round & 1;
    heal()
  };
gone:
  assert(head == APPLIED);
  assert(ALL_OF(head_job) && manifest[head_job]);
  assert(head_job == 0 || (NOTHING_OF(0)));
  assert(head_job == 1 || (NOTHING_OF(1)));
  assert(head_job == BASE || (NOTHING_OF(BASE)));
  assert(!intent[0] && !intent[1]);
  assert((!record[0] && !record[1] && (head_job == 0 || !manifest[0]) && (head_job == 1 || !manifest[1]) &&
          (head_job == BASE || !manifest[BASE])));
  assert(!told_ok[0] || IS_COMMITTED(0));
  assert(!told_ok[1] || IS_COMMITTED(1));
  assert(!told_no[0] || !IS_COMMITTED(0));
  assert(!told_no[1] || !IS_COMMITTED(1))
}
