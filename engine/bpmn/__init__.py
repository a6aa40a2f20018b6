"""BPMN on SpiffWorkflow: files are parsed, checked and compiled; a compiled process advances step by step.

``parser.parse`` and ``gate.check`` read files, ``specs.compile_spec`` builds what runs, ``runtime`` advances a case,
``state`` stores it, ``step`` says what an advance did.
"""
