import { formatContract } from '../../contract/format.contract.ts';

formatContract();
