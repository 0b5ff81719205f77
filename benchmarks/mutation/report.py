"""stub"""
def keep(t,c): ...
def table(t): return [str((x.module,x.mutants,x.tried,len(x.survived),round(x.seconds))) for x in t]
def survivors(t): return [f"{m.module}:{m.line} {m.function}\n   {m.original}\n   {m.mutant}" for x in t for m in x.survived]
