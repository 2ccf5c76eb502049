import * as kinds from '../../src/store/kinds.ts';
import { testStore } from '../contract/store.contract.ts';

for (const kind of Object.values(kinds)) testStore(kind);
